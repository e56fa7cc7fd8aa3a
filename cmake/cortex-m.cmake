# The Cortex-M4 toolchain of Debian: integers only, and of the C library nothing but the header string.h.
# SPDX-License-Identifier: Apache-2.0
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_AR arm-none-eabi-ar)
set(CMAKE_RANLIB arm-none-eabi-ranlib)
# The hard-float ABI is chosen so that floating point does NOT compile: with it, -mgeneral-regs-only leaves the compiler no
# way to pass or compute a float. With the soft ABI the same option would silently call the library's float helpers.
set(CMAKE_C_FLAGS_INIT "-mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16 -ffunction-sections -fdata-sections -g \
-isystem /usr/include/newlib")
# The compiler's helpers for 64-bit integers, after everything that calls them.
set(CMAKE_C_STANDARD_LIBRARIES_INIT -lgcc)
# There is no operating system to link a trial program for.
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
# What a compiler cache gives back lacks the call graph (-fcallgraph-info), and all of it compiles in seconds.
set(CMAKE_C_COMPILER_LAUNCHER "")
