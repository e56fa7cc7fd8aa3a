#!/usr/bin/Rscript
# desolve.R - a day of the spine by deSolve, with a compiled right side on the same 64 cells and a banded Jacobian, and by the spine's
# own solver, in turn in one process. Prints figures; asserts nothing.
#
#   tools/build release spine_desolve && Rscript bench/desolve.R build/release/bench/libspine_desolve.so
# SPDX-License-Identifier: Apache-2.0
suppressPackageStartupMessages(library(deSolve))
file <- commandArgs(trailingOnly = TRUE)[1]
dyn.load(file)
module <- sub("[.]so$", "", basename(file))
start <- .C("desolve_start", double(2 * 64 + 2))[[1]]
times <- c(0, 900 * (1:96))
rounds <- 9
again <- 200 # of the fast one in a round, and an eighth of it of the other: R's clock counts milliseconds

day <- function(method, relative) {
    ode(start, times, func = "desolve_rates", parms = NULL, dllname = module, initfunc = NULL, method = method, rtol = relative,
        atol = relative * 1e-6 * max(start), jactype = "bandint", bandup = 2, banddown = 2, maxsteps = 1e6)
}
seen <- function(states) as.vector(apply(states[-1, -1], 1, function(y) .C("desolve_seen", y, double(2))[[2]]))
fast <- function(tolerance, n) .C("desolve_fast", tolerance, as.integer(n), double(192))[[3]]
worst <- function(values, truth) max(abs(values / truth - 1))
# Time on the processor, not by the wall: a machine that does other things besides is still a fair judge.
clock <- function(what) {
    begun <- proc.time()[["user.self"]]
    what()
    proc.time()[["user.self"]] - begun
}

cat(R.version.string, " deSolve", as.character(packageVersion("deSolve")), "\n")
slow_truth <- seen(day("lsode", 1e-11))
fast_truth <- fast(1e-6, 1)
for (method in c("lsode", "vode")) {
    # Tolerances at which both have about the same error, found beforehand.
    for (pair in list(c(1e-3, 1e-3), c(1e-3, 1e-4), c(1e-4, 1e-5))) {
        tolerance <- pair[1]
        relative <- pair[2]
        ratio <- own <- other <- numeric(rounds)
        for (i in 1:rounds) {
            own[i] <- clock(function() fast(tolerance, again)) / again
            other[i] <- clock(function() for (k in 1:(again / 8)) day(method, relative)) / (again / 8)
            ratio[i] <- other[i] / own[i]
        }
        cat(sprintf("spine %.0e: error %.1e, %.3f ms; deSolve %s %.0e: error %.1e, %.2f ms; ratio, median of %d pairs: %.1f (%.1f to %.1f)\n",
                    tolerance, worst(fast(tolerance, 1), fast_truth), 1e3 * median(own), method, relative,
                    worst(seen(day(method, relative)), slow_truth), 1e3 * median(other), rounds, median(ratio), min(ratio), max(ratio)))
    }
}
