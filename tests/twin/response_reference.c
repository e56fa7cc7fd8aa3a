/* response_reference.c - the response by CVODE. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/twin/response_reference.h"

#include <cvode/cvode.h>
#include <math.h>
#include <nvector/nvector_serial.h>
#include <stdio.h>
#include <stdlib.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunmatrix/sunmatrix_dense.h>

enum { CORD, HEAD, FAST, SLOW, HEAD_FAST, HABIT, WITHDRAWAL, STATES };

struct context {
    const struct reference_drug *drug;
    reference_input *input;
};

static void must(int holds, const char *what)
{
    if (!holds) {
        (void)fprintf(stderr, "response_reference: %s failed\n", what);
        abort();
    }
}

static double rate(double half_time_s)
{
    return half_time_s > 0 ? log(2) / half_time_s : 0;
}

static int change(realtype t, N_Vector y_vector, N_Vector dy_vector, void *given)
{
    const struct context *context = given;
    const struct reference_drug *drug = context->drug;
    const double *y = N_VGetArrayPointer(y_vector);
    double *dy = N_VGetArrayPointer(dy_vector), cord = 0, head = 0;
    context->input(t, &cord, &head);
    double needed = 1 + drug->fast_gain * y[FAST] + drug->slow_gain * y[SLOW];
    double held = y[CORD] / (needed + y[CORD]);
    dy[CORD] = rate(drug->cord_delay_s) * (cord - y[CORD]);
    dy[HEAD] = rate(drug->head_delay_s) * (head - y[HEAD]);
    dy[FAST] = rate(drug->fast_s) * (y[CORD] - y[FAST]);
    dy[SLOW] = rate(drug->slow_s) * (y[CORD] - y[SLOW]);
    dy[HEAD_FAST] = rate(drug->fast_s) * (y[HEAD] - y[HEAD_FAST]);
    dy[HABIT] = rate(drug->habit_s) * (held - y[HABIT]);
    dy[WITHDRAWAL] = rate(drug->lag_s) * (fmax(y[HABIT] - held, 0) - y[WITHDRAWAL]);
    return 0;
}

struct reference_state response_reference(const struct reference_drug *drug, reference_input *input, double end_s)
{
    struct context context = { drug, input };
    SUNContext sun;
    must(SUNContext_Create(NULL, &sun) == 0, "SUNContext_Create");
    N_Vector y = N_VNew_Serial(STATES, sun);
    N_VConst(0, y);
    void *cvode = CVodeCreate(CV_BDF, sun);
    SUNMatrix matrix = SUNDenseMatrix(STATES, STATES, sun);
    SUNLinearSolver solver = SUNLinSol_Dense(y, matrix, sun);
    must(CVodeInit(cvode, change, 0, y) == CV_SUCCESS, "CVodeInit");
    must(CVodeSStolerances(cvode, 1e-10, 1e-12) == CV_SUCCESS, "CVodeSStolerances");
    must(CVodeSetLinearSolver(cvode, solver, matrix) == CV_SUCCESS, "CVodeSetLinearSolver");
    must(CVodeSetUserData(cvode, &context) == CV_SUCCESS, "CVodeSetUserData");
    must(CVodeSetMaxStep(cvode, 600) == CV_SUCCESS, "CVodeSetMaxStep"); /* sees every turn of the input */
    must(CVodeSetMaxNumSteps(cvode, 50000000) == CV_SUCCESS, "CVodeSetMaxNumSteps");
    must(CVodeSetStopTime(cvode, end_s) == CV_SUCCESS, "CVodeSetStopTime");
    double reached_s = 0;
    must(CVode(cvode, end_s, y, &reached_s, CV_NORMAL) >= 0, "CVode");
    const double *at = N_VGetArrayPointer(y);
    struct reference_state state = { at[CORD], at[HEAD], at[FAST], at[SLOW], at[HEAD_FAST], at[HABIT], at[WITHDRAWAL] };
    N_VDestroy(y);
    SUNMatDestroy(matrix);
    (void)SUNLinSolFree(solver);
    CVodeFree(&cvode);
    (void)SUNContext_Free(&sun);
    return state;
}
