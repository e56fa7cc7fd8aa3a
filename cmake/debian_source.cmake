# A Debian source package, unpacked into the build folder. tools/setup has downloaded it; nothing of it is ever committed.
# SPDX-License-Identifier: Apache-2.0
set(CISTERNA_SOURCES ${CMAKE_SOURCE_DIR}/.cache/sources CACHE PATH "where tools/setup keeps Debian's source packages")

# debian_source(name version result): sets `result` to the folder with the sources of this upstream version. dpkg-source checks
# each tarball against the checksums of the .dsc and applies Debian's patches, its security fixes among them. The folder is
# named after the .dsc, so another Debian revision is another path and everything made from it is built anew.
function(debian_source name version result)
    file(GLOB dsc ${CISTERNA_SOURCES}/${name}_${version}-*.dsc)
    list(LENGTH dsc count)
    if(NOT count EQUAL 1)
        message(FATAL_ERROR "${CISTERNA_SOURCES} should hold one source package ${name} ${version} and holds ${count}: "
                            "tools/setup downloads it")
    endif()
    get_filename_component(folder ${dsc} NAME_WLE)
    set(folder ${CMAKE_BINARY_DIR}/sources/${folder})
    if(NOT EXISTS ${folder})
        # Renamed only when whole: a configuration that is interrupted leaves nothing that looks like the sources.
        file(REMOVE_RECURSE ${folder}.part)
        file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/sources)
        execute_process(COMMAND dpkg-source -q -x ${dsc} ${folder}.part RESULT_VARIABLE bad OUTPUT_VARIABLE said ERROR_VARIABLE said)
        if(bad)
            message(FATAL_ERROR "dpkg-source cannot unpack ${dsc}: remove it and run tools/setup\n${said}")
        endif()
        file(RENAME ${folder}.part ${folder})
    endif()
    set(${result} ${folder} PARENT_SCOPE)
endfunction()
