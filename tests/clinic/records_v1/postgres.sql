-- Records of version 1 in PostgreSQL, as pg_dump --inserts told them; for tests.
CREATE FUNCTION public.alarms_kept() RETURNS trigger
    LANGUAGE plpgsql
    AS $$BEGIN RAISE EXCEPTION 'no row of alarms is ever deleted'; END$$;
CREATE FUNCTION public.audit_kept() RETURNS trigger
    LANGUAGE plpgsql
    AS $$BEGIN RAISE EXCEPTION 'no row of audit is ever changed or deleted'; END$$;
CREATE FUNCTION public.catheters_kept() RETURNS trigger
    LANGUAGE plpgsql
    AS $$BEGIN RAISE EXCEPTION 'no row of catheters is ever deleted'; END$$;
CREATE FUNCTION public.head_kept() RETURNS trigger
    LANGUAGE plpgsql
    AS $$BEGIN RAISE EXCEPTION 'no row of head is ever deleted'; END$$;
CREATE FUNCTION public.implants_kept() RETURNS trigger
    LANGUAGE plpgsql
    AS $$BEGIN RAISE EXCEPTION 'no row of implants is ever deleted'; END$$;
CREATE FUNCTION public.overrides_kept() RETURNS trigger
    LANGUAGE plpgsql
    AS $$BEGIN RAISE EXCEPTION 'no row of overrides is ever changed or deleted'; END$$;
CREATE FUNCTION public.patients_kept() RETURNS trigger
    LANGUAGE plpgsql
    AS $$BEGIN RAISE EXCEPTION 'no row of patients is ever deleted'; END$$;
CREATE FUNCTION public.pulls_kept() RETURNS trigger
    LANGUAGE plpgsql
    AS $$BEGIN RAISE EXCEPTION 'no row of pulls is ever changed or deleted'; END$$;
CREATE FUNCTION public.pump_log_kept() RETURNS trigger
    LANGUAGE plpgsql
    AS $$BEGIN RAISE EXCEPTION 'no row of pump_log is ever changed or deleted'; END$$;
CREATE FUNCTION public.refill_drugs_kept() RETURNS trigger
    LANGUAGE plpgsql
    AS $$BEGIN RAISE EXCEPTION 'no row of refill_drugs is ever changed or deleted'; END$$;
CREATE FUNCTION public.refills_kept() RETURNS trigger
    LANGUAGE plpgsql
    AS $$BEGIN RAISE EXCEPTION 'no row of refills is ever changed or deleted'; END$$;
CREATE FUNCTION public.therapies_kept() RETURNS trigger
    LANGUAGE plpgsql
    AS $$BEGIN RAISE EXCEPTION 'no row of therapies is ever changed or deleted'; END$$;
CREATE FUNCTION public.users_kept() RETURNS trigger
    LANGUAGE plpgsql
    AS $$BEGIN RAISE EXCEPTION 'no row of users is ever deleted'; END$$;
CREATE FUNCTION public.visits_kept() RETURNS trigger
    LANGUAGE plpgsql
    AS $$BEGIN RAISE EXCEPTION 'no row of visits is ever deleted'; END$$;
CREATE FUNCTION public.wraps_kept() RETURNS trigger
    LANGUAGE plpgsql
    AS $$BEGIN RAISE EXCEPTION 'no row of wraps is ever deleted'; END$$;
CREATE TABLE public.alarms (
    id bigint NOT NULL,
    implant_id bigint NOT NULL,
    code bigint NOT NULL,
    priority bigint NOT NULL,
    raised_number bigint NOT NULL,
    raised_ms bigint NOT NULL,
    ended_ms bigint,
    cleared_ms bigint,
    seen_ms bigint,
    seen_by bigint
);
CREATE TABLE public.audit (
    id bigint NOT NULL,
    at_ms bigint NOT NULL,
    user_id bigint NOT NULL,
    action bigint NOT NULL,
    home bigint NOT NULL,
    home_id bigint NOT NULL,
    row_hash bytea,
    chain bytea NOT NULL
);
CREATE TABLE public.catheters (
    id bigint NOT NULL,
    implant_id bigint NOT NULL,
    kind text NOT NULL,
    length_mm bigint NOT NULL,
    dead_volume_nl bigint NOT NULL,
    placed_ms bigint NOT NULL,
    removed_ms bigint
);
CREATE TABLE public.edition (
    id bigint NOT NULL,
    version bigint NOT NULL
);
CREATE TABLE public.head (
    id bigint NOT NULL,
    records_name bytea NOT NULL,
    box bytea NOT NULL
);
CREATE TABLE public.implants (
    id bigint NOT NULL,
    patient_id bigint NOT NULL,
    serial text NOT NULL,
    model bigint NOT NULL,
    revision bigint NOT NULL,
    calibration_ppm bigint NOT NULL,
    implanted_ms bigint NOT NULL,
    explanted_ms bigint
);
CREATE TABLE public.overrides (
    id bigint NOT NULL,
    visit_id bigint NOT NULL,
    user_id bigint,
    at_ms bigint NOT NULL,
    rule text NOT NULL,
    level bigint NOT NULL,
    value bigint NOT NULL,
    bound bigint NOT NULL,
    answer bigint NOT NULL,
    reason bigint NOT NULL
);
CREATE TABLE public.patients (
    id bigint NOT NULL,
    created_ms bigint NOT NULL,
    purged_ms bigint,
    mark bytea,
    key_box bytea
);
CREATE TABLE public.pulls (
    id bigint NOT NULL,
    implant_id bigint NOT NULL,
    visit_id bigint,
    ring bigint NOT NULL,
    at_ms bigint NOT NULL,
    first_number bigint NOT NULL,
    last_number bigint NOT NULL,
    rows_added bigint NOT NULL,
    pump_chain bytea,
    last_row bigint NOT NULL,
    chain bytea NOT NULL
);
CREATE TABLE public.pump_log (
    id bigint NOT NULL,
    implant_id bigint NOT NULL,
    ring bigint NOT NULL,
    number bigint NOT NULL,
    upto bigint NOT NULL,
    what bigint NOT NULL,
    why bigint NOT NULL,
    sequence bigint NOT NULL,
    pump_ms bigint NOT NULL,
    epoch bigint NOT NULL,
    code bigint NOT NULL,
    actor bigint NOT NULL,
    field_0 bigint NOT NULL,
    field_1 bigint NOT NULL,
    field_2 bigint NOT NULL,
    field_3 bigint NOT NULL,
    chain bytea NOT NULL
);
CREATE TABLE public.refill_drugs (
    id bigint NOT NULL,
    refill_id bigint NOT NULL,
    place bigint NOT NULL,
    drug bigint NOT NULL,
    conc_ng_ml bigint NOT NULL,
    lot text NOT NULL
);
CREATE TABLE public.refills (
    id bigint NOT NULL,
    implant_id bigint NOT NULL,
    visit_id bigint NOT NULL,
    user_id bigint,
    at_ms bigint NOT NULL,
    expected_nl bigint NOT NULL,
    found_nl bigint NOT NULL,
    left_nl bigint NOT NULL,
    filled_nl bigint NOT NULL,
    drawn_up_nl bigint NOT NULL,
    cause bigint NOT NULL
);
CREATE TABLE public.sealed (
    id bigint NOT NULL,
    patient_id bigint NOT NULL,
    home bigint NOT NULL,
    home_id bigint NOT NULL,
    field bigint NOT NULL,
    box bytea NOT NULL
);
CREATE TABLE public.therapies (
    id bigint NOT NULL,
    implant_id bigint NOT NULL,
    visit_id bigint NOT NULL,
    at_ms bigint NOT NULL,
    formulary_version bigint NOT NULL,
    region text NOT NULL,
    hash bytea NOT NULL,
    canonical bytea NOT NULL
);
CREATE TABLE public.users (
    id bigint NOT NULL,
    name text NOT NULL,
    role bigint NOT NULL,
    password_hash text NOT NULL,
    created_ms bigint NOT NULL,
    disabled_ms bigint
);
CREATE TABLE public.visits (
    id bigint NOT NULL,
    patient_id bigint NOT NULL,
    implant_id bigint,
    user_id bigint,
    workflow bigint NOT NULL,
    opened_ms bigint NOT NULL,
    closed_ms bigint,
    outcome bigint NOT NULL,
    reasons bigint,
    command_id bigint
);
CREATE TABLE public.wraps (
    id bigint NOT NULL,
    user_id bigint,
    salt bytea NOT NULL,
    passes bigint NOT NULL,
    memory_kib bigint NOT NULL,
    box bytea NOT NULL
);
INSERT INTO public.alarms VALUES (1, 1, 17, 1, 10, 1772366400010, 1772366400011, NULL, NULL, NULL);
INSERT INTO public.alarms VALUES (2, 2, 17, 1, 10, 1772366400011, 1772366400012, NULL, NULL, NULL);
INSERT INTO public.audit VALUES (1, 1772366400000, 0, 1, 16, 1, NULL, '\xc241c8de3668b76485cd867e433c727436d973f7b217fb15b0349ec92f41f47a');
INSERT INTO public.audit VALUES (2, 1772366400000, 0, 2, 2, 1, '\x3a052122a94e0dfa5e1653f9e17a16e4b1fd6afd7d29b35108b949a8f1657a48', '\xc1173a27ad88d6a7a9115042a6109badc75eb225b793b113bfd76807e80a8361');
INSERT INTO public.audit VALUES (3, 1772366400000, 0, 2, 1, 1, '\xfed67408bbf1c2168343e538ec1910676260a857653a738f349a26fd2883af75', '\xd609db0484418a0deebd5fcdd1239db0ddc3f2bde8e84b08a909e0bffea034f1');
INSERT INTO public.audit VALUES (4, 1772366400000, 0, 2, 2, 2, '\x81028fa887c9a6c5de42619c1d87b366c5f60fd473374ace6b9912bfddff3d81', '\x407c2176ae96dbbe381af998e18fa702b9c94f61b257196bcfed1e44e4673b83');
INSERT INTO public.audit VALUES (5, 1772366400000, 0, 2, 1, 2, '\x0ffd3c1330bbc9ae9d91888c1112c3f007b3ccfe4c08ce6ebac05e2ece7073f5', '\xf39bcf872ccf44ff3d7f8be501c0c2e28bba83c358adb0392ce88aa64a015421');
INSERT INTO public.audit VALUES (6, 1772366400000, 0, 2, 2, 3, '\xbfbeedb6e41989bcf225e37c759d29c1675e5006896fa11d48876f00743e8ed3', '\x70b50ca705bc554d01bd1fab8220093227be721bc406e407e71ad9d0f6ff046b');
INSERT INTO public.audit VALUES (7, 1772366400001, 0, 2, 3, 1, '\x963f52a398cd6bd48cf4eb60092584af355009d64aa7a9c5051eb357b982a8b5', '\x8def14136e8e2e7fcae4abbf45a5a4542a7f9de703a17ae1de6f6448e494c980');
INSERT INTO public.audit VALUES (8, 1772366400001, 0, 2, 4, 1, '\xee70875c0cd8edc40356600096dcc8982a4100854a36852b75f72011ff6314d6', '\x6ea0d59e2710fa79ee3c3c8f73c9939894ffbb8b11a3521854551829b4cf0729');
INSERT INTO public.audit VALUES (9, 1772366400001, 0, 2, 4, 2, '\x4f2f2a514e7c5e812a7b8f1b13154936c2c30c21bfa9238bc60ec7703207d3ae', '\x0dfee5999746ed62477e5312511dc82e75845ea291659a5ed631c128d2d46d55');
INSERT INTO public.audit VALUES (10, 1772366400001, 0, 2, 4, 3, '\xae1d9e27775e0defad72936da7926b73c3fa5ad7040ec4d9364ffd0a7ccb2641', '\x7bd025fd18491d54911748b01f6a68eb4b67760602b8e4d638f54549889f3762');
INSERT INTO public.audit VALUES (11, 1772366400001, 0, 2, 4, 4, '\x148db0891822d069cd1889937aad392996b656a8fed34d4f98aca2957bd5459f', '\xcf8a186b0b97586bb08539454c07948154563b24c8bb900ca577a9b754102cde');
INSERT INTO public.audit VALUES (12, 1772366400001, 0, 2, 5, 1, '\xfbd402dd0656c61f0cf9aaa82326db34d51bd208fe57d361ad2cb7b013dcede9', '\xef530d5dc92e114452cb3043cfa31ff8f53a0ef97f3180b8bbc4257de291b800');
INSERT INTO public.audit VALUES (13, 1772366400001, 0, 2, 6, 1, '\x102fd37c652bfd49d75390f79f1650324d108b44ee672308f54a47f9d31282df', '\xe2585bb984aeeadc8579298d816f87d9b15202f6ddf60658ba5ec2f228e151dc');
INSERT INTO public.audit VALUES (14, 1772366400001, 0, 2, 7, 1, '\x7d25e76373f81fdb46637a2c109805bedb1b7a06a5c450865645a95871d114bd', '\x400a6e6c0182ad369599a17ed54c2a769ca745fd554a7f979e177c9abf6b8f09');
INSERT INTO public.audit VALUES (15, 1772366400001, 0, 2, 9, 1, '\x22188386bc1c618f6d9b5c69e384274101dedb67298595f17bf33cc470411de3', '\x427b839d3a98141bcc54aad62e960e7d21795bced2c3769dd5134f4119cedb99');
INSERT INTO public.audit VALUES (16, 1772366400001, 0, 2, 10, 1, '\x3a0f007ae1c87ebb7f11d06f5507188aab2e605999168232f1d89d3ee4b060a8', '\x16033ac60013fab642f77a1980835916b201d9cae96ac87e1e224427aa2bb5a9');
INSERT INTO public.audit VALUES (17, 1772366400001, 0, 2, 10, 2, '\xca2a171db35de8b52c714ef548b966b10142c8f87563d2d0141a9fbb1a3d6bb9', '\x0c43b75787862dd7eee29bdb9cee7aa93139ce5b0328e5c7e8090b4392a8c4a4');
INSERT INTO public.audit VALUES (18, 1772366400001, 0, 2, 4, 5, '\x8b1eef40c14deb64f4e4e6d84674311a0eb64a3f3e63bab65919a34761976b89', '\x2d96edfe095f1fbcd1c7ea89215f635b31daa9784bec8dec73fc175f69ff01f3');
INSERT INTO public.audit VALUES (19, 1772366400001, 0, 2, 8, 1, '\x1d4f9437d602ff65d5e17a66c6b53f3d7c7c0615716df8b34347e6cd2054b9d1', '\x425b9ca496408a46248c859068dbb378c3675b614c5cfdedf16d4850007f0c07');
INSERT INTO public.audit VALUES (20, 1772366400001, 0, 2, 14, 1, '\x7b7e61e0d48aaacc22e585a0e1c24c9ad66e6c8ea2e04709a31d1476e6f9ef1c', '\x4dedfac8671df70a0eada91b7cae40b44a0958275c3702ad3dca5debcd2bcf4e');
INSERT INTO public.audit VALUES (21, 1772366400001, 0, 2, 11, 1, '\x751408913f1d8d8c5a65c3d9494ee3fd34f36b37d907c69f652aeb0ce8c3f904', '\x39b1d210f333ec51b418a8a3a27c2d69e5fd62c303ccbbd0f5cb34733ca1b666');
INSERT INTO public.audit VALUES (22, 1772366400001, 0, 2, 13, 1, '\x94c28cacea38a01fb0106e53946ea008c70447fa41c219f35cf7410ee34eb2d2', '\x8f9d01f7b54988299d819d408fe2aa6b6ba69dc44cb947acf4487be85730ac52');
INSERT INTO public.audit VALUES (23, 1772366400001, 0, 3, 13, 1, '\x5f531ad0eb1edbc7267e115639b4c5a99297817e9834e6081b468ba3d4a1a4b0', '\x4fea420676ca517adf7969e0b0ba919933f379bba825cb8bde9da4fdea76be96');
INSERT INTO public.audit VALUES (24, 1772366400001, 0, 2, 4, 6, '\x0576861b357c124fd201908def62475b8209f74515385c45663e84120ef6eb37', '\xceee645e9d7abe94f984acbcd90e70d3db6d3435740ffe0b521ead10c225a2f5');
INSERT INTO public.audit VALUES (25, 1772366400001, 0, 3, 7, 1, '\x72021376d378630812ebf0bf023984a91fbdc92453c80db3736b7ce6f26274de', '\x176982ec1540ebf2832d64b51fc0e23c1255d6edfbff0ff7af35e8e3b6d90191');
INSERT INTO public.audit VALUES (26, 1772366400002, 0, 2, 3, 2, '\x30facb29bab841b8c211773b52c8125a3b2e652b6ce724948e8bf61e27e2163d', '\xedff4cb0fef3623e784a13ae717ff486510fd96ed68173f1c32db4558b71ad09');
INSERT INTO public.audit VALUES (27, 1772366400002, 0, 2, 4, 7, '\x022c4e849bbef54bca8a65d8d34fb5b3348dc76a9388e7699f995dc0175bd97f', '\x85a9c2d2a2866b39feafbc365f5c31ddf7fff5bd31146579faa84394204ad8fc');
INSERT INTO public.audit VALUES (28, 1772366400002, 0, 2, 4, 8, '\xa7e8a66ed188dfacaf16204df57b5cf9b67b2ac2c4729579489369356d155433', '\xc753768d4e74b7fb7d9ccf2220200ae9d9886098268b97cf1c20ed31618a9047');
INSERT INTO public.audit VALUES (29, 1772366400002, 0, 2, 4, 9, '\xb0ef51dea77c730f50fb8bd5d31bb332d32ba3c4f05365d8283d2da164036cfc', '\x8b69fe812b9ca180c1919cb54d2343e25e4101b49f53b5be86b15d2ccfc6de6b');
INSERT INTO public.audit VALUES (30, 1772366400002, 0, 2, 4, 10, '\x9140be427ecec0d87096549d33a72691dbe72d9a604b34a0a042af8df7b03166', '\x3d9048d9051f607c14bc4b1b9a30de68314108acec54baaf6ac412b0428196c5');
INSERT INTO public.audit VALUES (31, 1772366400002, 0, 2, 5, 2, '\x520bc7439e3b257ff1d322655d485df7f1df8a600b8ca1f8f47313fc9189f4fc', '\x98f5da4589523c5fcf4f1be5f5d4093cb0e8fd37c4332132addc9bd3b993dd53');
INSERT INTO public.audit VALUES (32, 1772366400002, 0, 2, 6, 2, '\x32cb838d93c028eef33dfe837760c674201a6e9531c6842850b802c855dfd713', '\xad85d87902d503321988ce514d7c59d6869618e1d175d72cc8f4b7d24a6cbc1f');
INSERT INTO public.audit VALUES (33, 1772366400002, 0, 2, 7, 2, '\xea861b969fea5a5ebe60c454a8dfdddff2826c608a2fa5d3f878147150d5553f', '\x01eb92c979399d67a340b850cd83c178b3726a4ac30caaf296241c2b3c298705');
INSERT INTO public.audit VALUES (34, 1772366400002, 0, 2, 9, 2, '\xc732ebf612be8b2259185c5f685dc15691123c1eb1e2ac60374f2a6a8b539ddc', '\xea01f9abff552cb57402c42f6dce85f12f3ae0d1940ed35b6da10add1e267ef2');
INSERT INTO public.audit VALUES (35, 1772366400002, 0, 2, 10, 3, '\x82e80441335e9ddbfb814534f4887038412a617f11fc07b554cf1e9b8ced7c3b', '\x2931b4e1e870ca6b99e1445f653ea34731051b8d6b682541ecd1d1c9cc980ec5');
INSERT INTO public.audit VALUES (36, 1772366400002, 0, 2, 10, 4, '\xdb5e93d651f9b3b108397586a76b05b8bb395bb5e1fce01dce1c987447dd996f', '\x0cb84ec9dd31a1aca532e8e32715e3a3c0e84c6b52c3db4b50360687f2eed5d6');
INSERT INTO public.audit VALUES (37, 1772366400002, 0, 2, 4, 11, '\xec53665824d95d710c4bcaf824b41348fe5e0f6fcaafb7af3a00b94824537a41', '\x4cc1e55b0f9d96f02a9bbf7278ddc80e5dc6423712a96478555f2602f9514727');
INSERT INTO public.audit VALUES (38, 1772366400002, 0, 2, 8, 2, '\xc32d50e952945ab6842dbbf8ca1657c603d402eeba40fdc4c264a75d4fbfd8c4', '\x3d6fea256faf6710499929057e74c10350db2de13d820931184e5653bac94110');
INSERT INTO public.audit VALUES (39, 1772366400002, 0, 2, 14, 2, '\xbdeadf4c3e9b81ada1ce7440fa9db5e84e001e85899abd17ed27b8dbf1ce20d3', '\xe254c784a415298ea2a08db01cf88839a6fc3d64b8b9e8fa32a2df9333548df1');
INSERT INTO public.audit VALUES (40, 1772366400002, 0, 2, 11, 2, '\x030646bd56365bd1e1afd7a096a585cbb678d9fb2169d30306f92f2d3c5d25dc', '\x0f0bfe4c8ea87d8251e683643d9c56694aa9d54215bb65a612a28eb80d00ed1d');
INSERT INTO public.audit VALUES (41, 1772366400002, 0, 2, 13, 2, '\x06770b27f770307f617b287d551fedb0913282110a4da36ae693b54917e633a5', '\xe2cfc32996b2a00fba6e19ecb1303d28b344ee18863c8c918acd524c3f59f8a0');
INSERT INTO public.audit VALUES (42, 1772366400002, 0, 3, 13, 2, '\x0779230f5cf78acc0611cb5a173df9885db4ed160cb0dd0464f1d681744ba375', '\xc024d2955e4c0cc163a5806e12548cf2d6f6914b9a808155ebf6aa9bb42ab342');
INSERT INTO public.audit VALUES (43, 1772366400002, 0, 2, 4, 12, '\x8d729b75e39340e23bb994e60ca0baf061c77bc39ffaf3207f8ebe65ff861f7a', '\xf3d96d1eee0d66479730196b7431ad993e428e2618a95955b3fd49c64b5a3cbb');
INSERT INTO public.audit VALUES (44, 1772366400002, 0, 3, 7, 2, '\x7a636e836f5a6f4ab1d509488cb2ec9d864b0c22cd57579512ee4f96002997c5', '\xce6a186b668989d89e800f357a2ebe015f007a4e16e694ae5528ca710cafbda5');
INSERT INTO public.catheters VALUES (1, 1, 'plain, one piece', 400, 244000, 1700000000000, NULL);
INSERT INTO public.catheters VALUES (2, 2, 'plain, one piece', 401, 244001, 1700000000001, NULL);
INSERT INTO public.edition VALUES (1, 1);
INSERT INTO public.head VALUES (1, '\x0db96e50015268cfb1c110646aef6687', '\x3fe7f601e475fb3b87e9561e12044bc08b76cd5f161340d65dbd035be152f623e704987720ed44a4c4461e5976f0514e10e015aa7bec928123a1db184840372e4399bc72fe252bf5a4833df1ed2d4a2d');
INSERT INTO public.implants VALUES (1, 1, 'SIM-000000', 1, 1, -50, 1700000000000, NULL);
INSERT INTO public.implants VALUES (2, 2, 'SIM-000001', 1, 1, -49, 1700000000001, NULL);
INSERT INTO public.overrides VALUES (1, 1, NULL, 1772366400001, 'morphine.dose_day.soft', 1, 15000, 15000, 2, 1);
INSERT INTO public.overrides VALUES (2, 2, NULL, 1772366400002, 'morphine.dose_day.soft', 1, 15001, 15000, 1, 0);
INSERT INTO public.patients VALUES (1, 1772366400001, NULL, '\x5dd2b20341d087229a9a6ba2473bc20236de39da8d912b7497847f97d04506d9', '\xb6152a925f25918350900754c10ed3ccf208ee01a63699714d589a46abce34943c6d5f154f31719f6c69a43c6028368420494da9d5df94b557b52b5e38769be7508da9761febcecc');
INSERT INTO public.patients VALUES (2, 1772366400002, NULL, '\xc934499ec88b56800ed6aea45ca29ed31afe5eefdd41fa7ac3da9ef059a3e75a', '\xfa5f232d044c9ca714c142d7c512a183527ef3a7889349bb6fe4019aa1d1173e1e0d58d66d54c7a98a7930df9f843edf4b963cddc3cb41b2a48c81ce1347a82e5c71bf34a069f575');
INSERT INTO public.pulls VALUES (1, 1, 1, 1, 1772366400001, 1, 11, 11, NULL, 11, '\xda5bb2989c3aa521f5e5d7e4635058c2b1f8045332b64bf24f84cedda06b6216');
INSERT INTO public.pulls VALUES (2, 2, 2, 1, 1772366400002, 1, 11, 11, NULL, 22, '\x5bb14eb79714c30429b10d38e3ce0907e85d186623996d381c675ae6b7016121');
INSERT INTO public.pump_log VALUES (1, 1, 1, 1, 1, 1, 0, 1, 60000, 1, 19, 1, 1, -1, 0, -9223372036854775808, '\x10f5f2b01538b4d102bc6769081c2fbf506f36e61074e61eeea765483589053b');
INSERT INTO public.pump_log VALUES (2, 1, 1, 2, 2, 1, 0, 2, 120000, 1, 19, 1, 2, -2, 0, -9223372036854775808, '\x2ec37706ff0c458cdd259001df82f03e0a0e8e321a546033ea9c27adc9ed8e4b');
INSERT INTO public.pump_log VALUES (3, 1, 1, 3, 3, 1, 0, 3, 180000, 1, 19, 1, 3, -3, 0, -9223372036854775808, '\x4808301b59cb171ebf5528de46cb903c1be4c486f8bacae21f5995126458650d');
INSERT INTO public.pump_log VALUES (4, 1, 1, 4, 4, 1, 0, 4, 240000, 1, 19, 1, 4, -4, 0, -9223372036854775808, '\xb0a063572661fa025f54d763dcd0a72cf8aeb31463022ed46f3e413913fbb127');
INSERT INTO public.pump_log VALUES (5, 1, 1, 5, 5, 1, 0, 5, 300000, 1, 19, 1, 5, -5, 0, -9223372036854775808, '\xb82039330fe1e641179dffeb99a51b71f479c825a3c4663ce5785f029861f722');
INSERT INTO public.pump_log VALUES (6, 1, 1, 6, 6, 1, 0, 6, 360000, 1, 19, 1, 6, -6, 0, -9223372036854775808, '\xb68730bc472ae7985874a15f1770054b35a7cd8aba5d472672088af2626845e6');
INSERT INTO public.pump_log VALUES (7, 1, 1, 7, 7, 1, 0, 7, 420000, 1, 19, 1, 7, -7, 0, -9223372036854775808, '\x49b5cfd921f30b34a6d1e67f8f65bee1f6e0b9b8e086423d0018d8702c1442d8');
INSERT INTO public.pump_log VALUES (8, 1, 1, 8, 8, 1, 0, 8, 480000, 1, 19, 1, 8, -8, 0, -9223372036854775808, '\xf44870ab6b138acd53edd8f4150c0bbbe945633243af5cc87232d24d57fe6c02');
INSERT INTO public.pump_log VALUES (9, 1, 1, 9, 9, 1, 0, 9, 540000, 1, 19, 1, 9, -9, 0, -9223372036854775808, '\x470f47f771d893e218ddd3588cc7267f5e3e66395cb1bb7e4b2eff07a5f1c46c');
INSERT INTO public.pump_log VALUES (10, 1, 1, 10, 10, 1, 0, 10, 600000, 0, 64, 0, 17, 1, 1, 0, '\x42dde1573b3288f5367ccf13e18920239d7659b094c94485d20b2b8e3a9ef561');
INSERT INTO public.pump_log VALUES (11, 1, 1, 11, 11, 1, 0, 11, 660000, 0, 65, 0, 17, 0, 0, 0, '\xda5bb2989c3aa521f5e5d7e4635058c2b1f8045332b64bf24f84cedda06b6216');
INSERT INTO public.pump_log VALUES (12, 2, 1, 1, 1, 1, 0, 1, 60000, 1, 19, 1, 1, -1, 0, -9223372036854775808, '\x700153c087c082e36e131703cf0200b7a81928f3d00eb428371c53a6c80a3e40');
INSERT INTO public.pump_log VALUES (13, 2, 1, 2, 2, 1, 0, 2, 120000, 1, 19, 1, 2, -2, 0, -9223372036854775808, '\x8a8b8a4bce1c5142c1045564ce95e1e41934a68e5fa3bbe6aceaba0d3258c954');
INSERT INTO public.pump_log VALUES (14, 2, 1, 3, 3, 1, 0, 3, 180000, 1, 19, 1, 3, -3, 0, -9223372036854775808, '\x30f0b0fc77438b58e8669c771f1556da05a86d0d85a5c9478a7b65529f18bbaf');
INSERT INTO public.pump_log VALUES (15, 2, 1, 4, 4, 1, 0, 4, 240000, 1, 19, 1, 4, -4, 0, -9223372036854775808, '\xdb9067344b5b8c38d886c30a95b83bd000c556fc0370cbcbfa41570b73802be0');
INSERT INTO public.pump_log VALUES (16, 2, 1, 5, 5, 1, 0, 5, 300000, 1, 19, 1, 5, -5, 0, -9223372036854775808, '\x83b8b4c8d97acb81182babf7debaa203e8a72ee091070e666c5cdc088a9e6586');
INSERT INTO public.pump_log VALUES (17, 2, 1, 6, 6, 1, 0, 6, 360000, 1, 19, 1, 6, -6, 0, -9223372036854775808, '\x4586c7bf1b09e5c4df73b0328bbf81e96cae91a2cc26a7d579bc4a5c28fc6352');
INSERT INTO public.pump_log VALUES (18, 2, 1, 7, 7, 1, 0, 7, 420000, 1, 19, 1, 7, -7, 0, -9223372036854775808, '\x4ff812f1ce2bef28d15553630a09e80901a923779e3ce367c24f34e9dce301c4');
INSERT INTO public.pump_log VALUES (19, 2, 1, 8, 8, 1, 0, 8, 480000, 1, 19, 1, 8, -8, 0, -9223372036854775808, '\x8caad8035efb6da96622a652eb34ec26075bb8555ef814075333764e3a2abd2f');
INSERT INTO public.pump_log VALUES (20, 2, 1, 9, 9, 1, 0, 9, 540000, 1, 19, 1, 9, -9, 0, -9223372036854775808, '\x4514c3e112ecef988f913d58a4913f0ceb8564bad009c4167f64193d45e949c5');
INSERT INTO public.pump_log VALUES (21, 2, 1, 10, 10, 1, 0, 10, 600000, 0, 64, 0, 17, 1, 1, 0, '\x45e8368f002edad596da38b66d46e3abd7be40436af7539b535565f2516399e0');
INSERT INTO public.pump_log VALUES (22, 2, 1, 11, 11, 1, 0, 11, 660000, 0, 65, 0, 17, 0, 0, 0, '\x5bb14eb79714c30429b10d38e3ce0907e85d186623996d381c675ae6b7016121');
INSERT INTO public.refill_drugs VALUES (1, 1, 0, 1, 10000000, 'M-0');
INSERT INTO public.refill_drugs VALUES (2, 1, 1, 5, 5000000, 'B-0');
INSERT INTO public.refill_drugs VALUES (3, 2, 0, 1, 10000000, 'M-1');
INSERT INTO public.refill_drugs VALUES (4, 2, 1, 5, 5000000, 'B-0');
INSERT INTO public.refills VALUES (1, 1, 1, NULL, 1772366400001, 3000000, 1500000, 500000, 18000000, 18000000, 1);
INSERT INTO public.refills VALUES (2, 2, 2, NULL, 1772366400002, 3000001, 1500001, 500000, 18000000, 18000000, 1);
INSERT INTO public.sealed VALUES (1, 1, 3, 1, 1, '\xeb26ff3c32d0e2338e7695548d671409676ee723dfc70738c22ca46471a0f84b85dabc647dd11dae7acfdbb70c586959eb02b35feeec');
INSERT INTO public.sealed VALUES (2, 1, 3, 1, 2, '\x98336cc147629708d5239627642933535a25cfb27c72a4ccd6bb584258576aff670a65223f2f1f754fda1c626fa8020adc9c');
INSERT INTO public.sealed VALUES (3, 1, 3, 1, 3, '\x9a36b28393a2646ea9fda478f5ebb1e3aa87b0376fc8d34b23121f55eb0bdc300f792d9b987f7ad780753bee4a1cf5b292f8');
INSERT INTO public.sealed VALUES (4, 1, 3, 1, 4, '\xea8e3ce010fd5bed9a8a08687aa69570e13e067b2b8148f50b3a066b7fddf0b78af32399ebf02d93eb07ecb09433adb61688b4acf14cff35c4db8e51270e');
INSERT INTO public.sealed VALUES (5, 1, 9, 1, 4, '\xc208301c11d1aec500d20d26dac2901fff13f59aa36cd6517235c0a0cd263ba2354b31edee5b72d80faf14587cdea6673036ec4025026c43a73778d8f7');
INSERT INTO public.sealed VALUES (6, 1, 7, 1, 4, '\xa68cdb4ab3b54e528606886e0d012ee5649d3f2f974b3775d9f3b0e7ec15126b47699cc71fd98b2cb5e1c686cf0648245854f2');
INSERT INTO public.sealed VALUES (7, 2, 3, 2, 1, '\xa6f75484d00019daf97ab2b5406247cb2958b5b8a76e88bb47bf2817e5a1e48e283e3dfbeb7e56c0d5428cb4d746a9ffc003e3335ad4');
INSERT INTO public.sealed VALUES (8, 2, 3, 2, 2, '\xe3673a1273a619d57d006e4013c5635be7506088e42e47d6883b862a913a39e4be4b47885c5ccd85de0777fe467a1075b05d');
INSERT INTO public.sealed VALUES (9, 2, 3, 2, 3, '\x6f58fd2e9ee15c8af19c2fd133e35e9a4bda55949575bce3ed2f5ac15275c7bda7237c3cc638110e54c54a3c0074513f7986');
INSERT INTO public.sealed VALUES (10, 2, 3, 2, 4, '\xe7be1de071dc2e2c6a85e26c491931c9e6af6e7b8c5326732af7e7931c1853133f2bb0525c3c0be54841c97693ef7c6e1608345ac56d2bebabb614216186');
INSERT INTO public.sealed VALUES (11, 2, 9, 2, 4, '\x96283b97993a8151a69a4a9be5c8b93fa8d8dde879dd24115a6eaa3afd2174304f110c83e54b67fa74dec8ca890c768253fab342a826a32e2d50154467');
INSERT INTO public.sealed VALUES (12, 2, 7, 2, 4, '\x4366039e6dea1b28db1bee7c7ee9f415378f62b8a3eb711f578b014b4a3cd5662c8b2094941db549f0147213acfbaa8020e072');
INSERT INTO public.therapies VALUES (1, 1, 1, 1772366400001, 7, 'US', '\xf2bcc86080c025345d08671c8a537b989e0d7bb02eddff31cf18c215ff34c781', '\x4354483101009800012300086d6f727068696e650a53494d2d3030303030300101ceffffff20b9030007000255530207000101008096980003300001a086010000000000000000000000000000000000000000000000000000000000000000000000000000000000000000041b000101000010a5d4e8000000005039278c0400000000000040420f00050c0080bb000018000380841e0001');
INSERT INTO public.therapies VALUES (2, 2, 2, 1772366400002, 7, 'US', '\xbbf417fb96d2c2d74c30d90c104e22290b8b78feccb9af57c252a761214e185c', '\x4354483101009800012300086d6f727068696e650a53494d2d3030303030310101cfffffff20b9030007000255530207000101008096980003300001a186010000000000000000000000000000000000000000000000000000000000000000000000000000000000000000041b000101000010a5d4e8000000005039278c0400000000000040420f00050c0080bb000018000380841e0001');
INSERT INTO public.users VALUES (1, 'ada', 5, '$argon2id$v=19$m=8,t=1,p=1$2i28uck5xBgDyW6/AvRw8A$6rc0Bw+0rr3Gc6WaMnJLCUoA8iZJlrmJbFNDR81Qbyw', 1772366400000, NULL);
INSERT INTO public.users VALUES (2, 'otto', 4, '$argon2id$v=19$m=8,t=1,p=1$HCUC7JPnvDacDb/J42Tt1Q$2Rrn6jl60R3JADEMiyc5naypPfds0Co3G8KGTeR61EY', 1772366400000, NULL);
INSERT INTO public.visits VALUES (1, 1, 1, NULL, 4, 1772366400001, 1772366400001, 1, NULL, 4711);
INSERT INTO public.visits VALUES (2, 2, 2, NULL, 4, 1772366400002, 1772366400002, 1, NULL, 4711);
INSERT INTO public.wraps VALUES (1, NULL, '\x473242178879b3f3302167d288c00dab', 1, 8, '\x5890509e7669be808db357365168d6046f71fd99ac22f6e103d2b9c3cf2546419140bc3ffc68548a763baa78cb281504e8b9225d932cc4c669a22d0786a4b5a741182d67b7ef0c5a01a4547138e8a56de210ea74bc1dc4da8e32588f37312fd3c62925b2082bfbf9');
INSERT INTO public.wraps VALUES (2, 1, '\x4a55fab8881069dd9a64cc10eb510fed', 1, 8, '\x42bb572d8731874059d7b4d172800a718d0ec4a6e56a845c0a9d37a9398e0ecc5133171486ff81f7ac4cc6ee3655d2b7f2e6310ed3b2b42430c71de3e3fc65d9c68cd106110741a95cef02848cd5fdaf6ff4882df7c0f06c5492785bf607078984fe40101613185a');
INSERT INTO public.wraps VALUES (3, 2, '\x552a371ea81a4075a1ab397e25b1e49b', 1, 8, '\x3a8a0e62d86c693ea8961278f53d1765baf9e66f6d0158bd222b7148e93106fa6d809a925338e043cb8d762c7286959d434f5d78e95df376b2eb23416e35464ae34a7974530fa9eb4eadc300e8e553d717d85b63cc878cb16d15a126cac50fbf0a23e1bbe6dcde53');
ALTER TABLE ONLY public.alarms
    ADD CONSTRAINT alarms_implant_id_raised_number_key UNIQUE (implant_id, raised_number);
ALTER TABLE ONLY public.alarms
    ADD CONSTRAINT alarms_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.catheters
    ADD CONSTRAINT catheters_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.edition
    ADD CONSTRAINT edition_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.head
    ADD CONSTRAINT head_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.implants
    ADD CONSTRAINT implants_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.implants
    ADD CONSTRAINT implants_serial_key UNIQUE (serial);
ALTER TABLE ONLY public.overrides
    ADD CONSTRAINT overrides_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.patients
    ADD CONSTRAINT patients_mark_key UNIQUE (mark);
ALTER TABLE ONLY public.patients
    ADD CONSTRAINT patients_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.pulls
    ADD CONSTRAINT pulls_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.pump_log
    ADD CONSTRAINT pump_log_implant_id_ring_number_what_key UNIQUE (implant_id, ring, number, what);
ALTER TABLE ONLY public.pump_log
    ADD CONSTRAINT pump_log_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.refill_drugs
    ADD CONSTRAINT refill_drugs_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.refill_drugs
    ADD CONSTRAINT refill_drugs_refill_id_place_key UNIQUE (refill_id, place);
ALTER TABLE ONLY public.refills
    ADD CONSTRAINT refills_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sealed
    ADD CONSTRAINT sealed_home_home_id_field_key UNIQUE (home, home_id, field);
ALTER TABLE ONLY public.sealed
    ADD CONSTRAINT sealed_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.therapies
    ADD CONSTRAINT therapies_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_name_key UNIQUE (name);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.visits
    ADD CONSTRAINT visits_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.wraps
    ADD CONSTRAINT wraps_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.wraps
    ADD CONSTRAINT wraps_user_id_key UNIQUE (user_id);
CREATE INDEX audit_row ON public.audit USING btree (home, home_id, id);
CREATE INDEX catheters_implant ON public.catheters USING btree (implant_id);
CREATE INDEX implants_patient ON public.implants USING btree (patient_id);
CREATE INDEX overrides_visit ON public.overrides USING btree (visit_id);
CREATE INDEX pulls_implant ON public.pulls USING btree (implant_id, ring, last_number);
CREATE INDEX refill_drugs_lot ON public.refill_drugs USING btree (lot);
CREATE INDEX refills_implant ON public.refills USING btree (implant_id, at_ms);
CREATE INDEX sealed_patient ON public.sealed USING btree (patient_id);
CREATE INDEX therapies_implant ON public.therapies USING btree (implant_id, at_ms);
CREATE INDEX visits_implant ON public.visits USING btree (implant_id, outcome);
CREATE INDEX visits_patient ON public.visits USING btree (patient_id, opened_ms);
CREATE TRIGGER alarms_kept BEFORE DELETE ON public.alarms FOR EACH ROW EXECUTE FUNCTION public.alarms_kept();
CREATE TRIGGER alarms_whole BEFORE TRUNCATE ON public.alarms FOR EACH STATEMENT EXECUTE FUNCTION public.alarms_kept();
CREATE TRIGGER audit_kept BEFORE DELETE OR UPDATE ON public.audit FOR EACH ROW EXECUTE FUNCTION public.audit_kept();
CREATE TRIGGER audit_whole BEFORE TRUNCATE ON public.audit FOR EACH STATEMENT EXECUTE FUNCTION public.audit_kept();
CREATE TRIGGER catheters_kept BEFORE DELETE ON public.catheters FOR EACH ROW EXECUTE FUNCTION public.catheters_kept();
CREATE TRIGGER catheters_whole BEFORE TRUNCATE ON public.catheters FOR EACH STATEMENT EXECUTE FUNCTION public.catheters_kept();
CREATE TRIGGER head_kept BEFORE DELETE ON public.head FOR EACH ROW EXECUTE FUNCTION public.head_kept();
CREATE TRIGGER head_whole BEFORE TRUNCATE ON public.head FOR EACH STATEMENT EXECUTE FUNCTION public.head_kept();
CREATE TRIGGER implants_kept BEFORE DELETE ON public.implants FOR EACH ROW EXECUTE FUNCTION public.implants_kept();
CREATE TRIGGER implants_whole BEFORE TRUNCATE ON public.implants FOR EACH STATEMENT EXECUTE FUNCTION public.implants_kept();
CREATE TRIGGER overrides_kept BEFORE DELETE OR UPDATE ON public.overrides FOR EACH ROW EXECUTE FUNCTION public.overrides_kept();
CREATE TRIGGER overrides_whole BEFORE TRUNCATE ON public.overrides FOR EACH STATEMENT EXECUTE FUNCTION public.overrides_kept();
CREATE TRIGGER patients_kept BEFORE DELETE ON public.patients FOR EACH ROW EXECUTE FUNCTION public.patients_kept();
CREATE TRIGGER patients_whole BEFORE TRUNCATE ON public.patients FOR EACH STATEMENT EXECUTE FUNCTION public.patients_kept();
CREATE TRIGGER pulls_kept BEFORE DELETE OR UPDATE ON public.pulls FOR EACH ROW EXECUTE FUNCTION public.pulls_kept();
CREATE TRIGGER pulls_whole BEFORE TRUNCATE ON public.pulls FOR EACH STATEMENT EXECUTE FUNCTION public.pulls_kept();
CREATE TRIGGER pump_log_kept BEFORE DELETE OR UPDATE ON public.pump_log FOR EACH ROW EXECUTE FUNCTION public.pump_log_kept();
CREATE TRIGGER pump_log_whole BEFORE TRUNCATE ON public.pump_log FOR EACH STATEMENT EXECUTE FUNCTION public.pump_log_kept();
CREATE TRIGGER refill_drugs_kept BEFORE DELETE OR UPDATE ON public.refill_drugs FOR EACH ROW EXECUTE FUNCTION public.refill_drugs_kept();
CREATE TRIGGER refill_drugs_whole BEFORE TRUNCATE ON public.refill_drugs FOR EACH STATEMENT EXECUTE FUNCTION public.refill_drugs_kept();
CREATE TRIGGER refills_kept BEFORE DELETE OR UPDATE ON public.refills FOR EACH ROW EXECUTE FUNCTION public.refills_kept();
CREATE TRIGGER refills_whole BEFORE TRUNCATE ON public.refills FOR EACH STATEMENT EXECUTE FUNCTION public.refills_kept();
CREATE TRIGGER therapies_kept BEFORE DELETE OR UPDATE ON public.therapies FOR EACH ROW EXECUTE FUNCTION public.therapies_kept();
CREATE TRIGGER therapies_whole BEFORE TRUNCATE ON public.therapies FOR EACH STATEMENT EXECUTE FUNCTION public.therapies_kept();
CREATE TRIGGER users_kept BEFORE DELETE ON public.users FOR EACH ROW EXECUTE FUNCTION public.users_kept();
CREATE TRIGGER users_whole BEFORE TRUNCATE ON public.users FOR EACH STATEMENT EXECUTE FUNCTION public.users_kept();
CREATE TRIGGER visits_kept BEFORE DELETE ON public.visits FOR EACH ROW EXECUTE FUNCTION public.visits_kept();
CREATE TRIGGER visits_whole BEFORE TRUNCATE ON public.visits FOR EACH STATEMENT EXECUTE FUNCTION public.visits_kept();
CREATE TRIGGER wraps_kept BEFORE DELETE ON public.wraps FOR EACH ROW EXECUTE FUNCTION public.wraps_kept();
CREATE TRIGGER wraps_whole BEFORE TRUNCATE ON public.wraps FOR EACH STATEMENT EXECUTE FUNCTION public.wraps_kept();
ALTER TABLE ONLY public.alarms
    ADD CONSTRAINT alarms_implant_id_fkey FOREIGN KEY (implant_id) REFERENCES public.implants(id);
ALTER TABLE ONLY public.alarms
    ADD CONSTRAINT alarms_seen_by_fkey FOREIGN KEY (seen_by) REFERENCES public.users(id);
ALTER TABLE ONLY public.catheters
    ADD CONSTRAINT catheters_implant_id_fkey FOREIGN KEY (implant_id) REFERENCES public.implants(id);
ALTER TABLE ONLY public.implants
    ADD CONSTRAINT implants_patient_id_fkey FOREIGN KEY (patient_id) REFERENCES public.patients(id);
ALTER TABLE ONLY public.overrides
    ADD CONSTRAINT overrides_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);
ALTER TABLE ONLY public.overrides
    ADD CONSTRAINT overrides_visit_id_fkey FOREIGN KEY (visit_id) REFERENCES public.visits(id);
ALTER TABLE ONLY public.pulls
    ADD CONSTRAINT pulls_implant_id_fkey FOREIGN KEY (implant_id) REFERENCES public.implants(id);
ALTER TABLE ONLY public.pulls
    ADD CONSTRAINT pulls_visit_id_fkey FOREIGN KEY (visit_id) REFERENCES public.visits(id);
ALTER TABLE ONLY public.pump_log
    ADD CONSTRAINT pump_log_implant_id_fkey FOREIGN KEY (implant_id) REFERENCES public.implants(id);
ALTER TABLE ONLY public.refill_drugs
    ADD CONSTRAINT refill_drugs_refill_id_fkey FOREIGN KEY (refill_id) REFERENCES public.refills(id);
ALTER TABLE ONLY public.refills
    ADD CONSTRAINT refills_implant_id_fkey FOREIGN KEY (implant_id) REFERENCES public.implants(id);
ALTER TABLE ONLY public.refills
    ADD CONSTRAINT refills_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);
ALTER TABLE ONLY public.refills
    ADD CONSTRAINT refills_visit_id_fkey FOREIGN KEY (visit_id) REFERENCES public.visits(id);
ALTER TABLE ONLY public.sealed
    ADD CONSTRAINT sealed_patient_id_fkey FOREIGN KEY (patient_id) REFERENCES public.patients(id);
ALTER TABLE ONLY public.therapies
    ADD CONSTRAINT therapies_implant_id_fkey FOREIGN KEY (implant_id) REFERENCES public.implants(id);
ALTER TABLE ONLY public.therapies
    ADD CONSTRAINT therapies_visit_id_fkey FOREIGN KEY (visit_id) REFERENCES public.visits(id);
ALTER TABLE ONLY public.visits
    ADD CONSTRAINT visits_implant_id_fkey FOREIGN KEY (implant_id) REFERENCES public.implants(id);
ALTER TABLE ONLY public.visits
    ADD CONSTRAINT visits_patient_id_fkey FOREIGN KEY (patient_id) REFERENCES public.patients(id);
ALTER TABLE ONLY public.visits
    ADD CONSTRAINT visits_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);
ALTER TABLE ONLY public.wraps
    ADD CONSTRAINT wraps_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);
