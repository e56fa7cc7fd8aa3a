/* observation_test.c - observations in a table: where they stand, in which unit, and what is refused with line and reason. */
// SPDX-License-Identifier: Apache-2.0
#include "app/spine/observation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
/* The order is cmocka's wish. */
#include <cmocka.h>
#include <math.h>

enum { TABLE_BYTES = 1000 };

/* Reads a table as both; false when its observations are refused. */
static bool read_table(const char *table, struct dosing *dosing, struct observations *observations)
{
    static const struct dosing_units units = { "h", "mg" };
    char text[TABLE_BYTES], again[TABLE_BYTES];
    assert_true(strlen(table) < TABLE_BYTES);
    strcpy(text, table);
    strcpy(again, table);
    bool good = dosing_read(dosing, "table", text, &units, "morphine");
    if (!good)
        fail_msg("%s", dosing->fault);
    return observations_read(observations, "table", again, dosing);
}

static void observations_stand_where_the_table_says(void **state)
{
    struct dosing dosing;
    struct observations all;
    (void)state;
    assert_true(read_table("# remark\nid,TIME[min],AMT,EVID,dv[ug/mL],Level,SPACE,MDV\n"
                           "7,60,.,0,\"2.5\",L3,,0\n7,0,1,1,99,L2,csf,0\n7,30,.,0,4,T10,tissue,.\n7,45,.,0,.,L3,csf,0\n"
                           "7,50,.,0,3,L3,csf,1\n\n8,0,1,1,.,.,.,.\n8,90,.,0,0,head,csf,0\n",
                           &dosing, &all));
    assert_int_equal(all.count, 3);
    assert_int_equal(all.row[0].person, 0);
    assert_int_equal(all.row[0].place, OBSERVATION_TISSUE);
    assert_int_equal(all.row[0].level, LEVEL_T10);
    assert_true(all.row[0].at_s == 1800 && fabs(all.row[0].kg_m3 - 4e-3) < 1e-12);
    assert_int_equal(all.row[1].place, OBSERVATION_CSF);
    assert_true(all.row[1].at_s == 3600 && fabs(all.row[1].kg_m3 - 2.5e-3) < 1e-12);
    assert_int_equal(all.row[2].person, 1);
    assert_int_equal(all.row[2].place, OBSERVATION_HEAD);
    assert_true(all.row[2].kg_m3 == 0);
    for (size_t i = 0; i < all.count; i++)
        assert_int_equal(dosing.event[all.row[i].event].kind, DOSING_LOOK);
    observations_free(&all);
    dosing_free(&dosing);
}

/* Both ways to write a limit, and one that is none. */
static void limits_are_limits(void **state)
{
    struct dosing dosing;
    struct observations all;
    (void)state;
    assert_true(read_table("TIME,AMT,DV[pg/mL],LEVEL,BLQ,MDV\n0,1,.,.,.,.\n1,.,<5,L2,.,0\n2,.,6,L2,1,0\n3,.,7,L2,0,0\n"
                           "4,.,< 8,L2,,0\n5,.,<9,L2,1,1\n6,.,.,L2,1,1\n",
                           &dosing, &all));
    assert_int_equal(all.count, 4);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(all.row[i].below, i != 2);
        assert_true(fabs(all.row[i].kg_m3 - (5 + i) * 1e-9) < 1e-20);
    }
    assert_int_equal(observations_above(&all), 3);
    assert_int_equal(all.count, 1);
    assert_true(fabs(all.row[0].kg_m3 - 7e-9) < 1e-20 && !all.row[0].below);
    observations_free(&all);
    dosing_free(&dosing);
}

static void what_is_wrong_is_told_with_its_line(void **state)
{
    static const struct {
        const char *table, *told;
    } bad[] = {
        { "TIME,AMT\n0,1\n1,.\n", "table:1: no column DV" },
        { "TIME,AMT,DV\n0,1,.\n1,.,2\n", "table:1: no column LEVEL" },
        { "TIME,AMT,DV,LEVEL,DV\n0,1,.,.,.\n", "table:1: two columns are called DV" },
        { "TIME,AMT,DV[mol/L],LEVEL\n0,1,.,.\n", "there is no unit of concentration \"mol/L\"" },
        { "TIME,AMT,DV,LEVEL[x]\n0,1,.,.\n", "LEVEL has no unit" },
        { "TIME,AMT,DV,LEVEL\n0,1,.,.\n1,.,.,.\n", "no row has an observation" },
        { "TIME,AMT,DV,LEVEL\n0,1,.,.\n1,.,x,L2\n", "table:3: DV: \"x\"" },
        { "TIME,AMT,DV,LEVEL\n0,1,.,.\n1,.,-1,L2\n", "table:3: DV" },
        { "TIME,AMT,DV,LEVEL\n0,1,.,.\n1,.,nan,L2\n", "table:3: DV" },
        { "TIME,AMT,DV,LEVEL\n0,1,.,.\n1,.,1e12,L2\n", "table:3: DV" },
        { "TIME,AMT,DV,LEVEL\n0,1,.,.\n1,.,5,L9\n", "table:3: LEVEL: \"L9\"" },
        { "TIME,AMT,DV,LEVEL\n0,1,.,.\n1,.,5\n", "table:3: LEVEL: \"\"" },
        { "TIME,AMT,DV,LEVEL,SPACE\n0,1,.,.,.\n1,.,5,L2,blood\n", "table:3: SPACE: \"blood\"" },
        { "TIME,AMT,DV,LEVEL,SPACE\n0,1,.,.,.\n1,.,5,head,tissue\n", "table:3: LEVEL: \"head\"" },
        { "TIME,AMT,DV,LEVEL\n0,1,.,.\n1,.,<,L2\n", "table:3: DV: \"<\"" },
        { "TIME,AMT,DV,LEVEL\n0,1,.,.\n1,.,<0,L2\n", "table:3: DV: \"<0\" is no limit" },
        { "TIME,AMT,DV,LEVEL\n0,1,.,.\n1,.,>5,L2\n", "\"<5\" below a limit of 5" },
        { "TIME,AMT,DV,LEVEL,BLQ\n0,1,.,.,.\n1,.,0,L2,1\n", "table:3: DV: \"0\" is no limit" },
        { "TIME,AMT,DV,LEVEL,BLQ\n0,1,.,.,.\n1,.,.,L2,1\n", "table:3: BLQ is 1, and DV has no limit" },
        { "TIME,AMT,DV,LEVEL,BLQ\n0,1,.,.,.\n1,.,5,L2,yes\n", "table:3: BLQ: \"yes\"" },
        { "TIME,AMT,DV,LEVEL,MDV\n0,1,.,.,.\n1,.,5,L2,2\n", "table:3: MDV: \"2\"" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct dosing dosing;
        struct observations all;
        assert_false(read_table(bad[i].table, &dosing, &all));
        if (strstr(all.fault, bad[i].told) == NULL)
            fail_msg("%s: %s", bad[i].told, all.fault);
        observations_free(&all);
        dosing_free(&dosing);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(observations_stand_where_the_table_says),
                                        cmocka_unit_test(limits_are_limits),
                                        cmocka_unit_test(what_is_wrong_is_told_with_its_line) };
    return cmocka_run_group_tests_name("observation", tests, NULL, NULL);
}
