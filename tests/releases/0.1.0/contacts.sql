PRAGMA application_id = 1952541804;
PRAGMA user_version = 3;
BEGIN TRANSACTION;
CREATE TABLE batches (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        sync INTEGER NOT NULL,
        side INTEGER NOT NULL,
        at INTEGER NOT NULL,
        layout INTEGER NOT NULL,
        intents TEXT NOT NULL,
        bases BLOB NOT NULL,
        claims INTEGER
    );
CREATE TABLE key_check (digest BLOB NOT NULL);
INSERT INTO "key_check" VALUES(X'F470020145844FC55E2DB0B2E3F0567F');
CREATE TABLE layouts (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
INSERT INTO "layouts" VALUES(1,'first_name@1,middle_name@1,last_name@1,company@1,position@1,department@1,division@1,emails@1,phones@1,address@1,file_as@1');
CREATE TABLE leases (
        sync TEXT PRIMARY KEY,
        worker TEXT NOT NULL,
        token INTEGER NOT NULL,
        until INTEGER NOT NULL
    ) WITHOUT ROWID
    ;
INSERT INTO "leases" VALUES('kept','the only one',1,0);
CREATE TABLE links (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        sync INTEGER NOT NULL,
        left_id TEXT NOT NULL, right_id TEXT NOT NULL,
        left_version TEXT, right_version TEXT,
        members INTEGER NOT NULL,
        layout INTEGER NOT NULL,
        left_base BLOB NOT NULL, right_base BLOB,
        decided TEXT,
        left_identity BLOB, right_identity BLOB,
        UNIQUE (sync, left_id),
        UNIQUE (sync, right_id)
    );
INSERT INTO "links" VALUES(1,1,'AAMkg=','e3','v6','v3',3,1,X'01F67171FF4FDBE40F0001EEB77BAD6A8E325C00000000016BA15FD43D84C78F000001FAB170C79E57DE37',NULL,'new',NULL,NULL);
INSERT INTO "links" VALUES(2,1,'AAMkb=','e4','v1','v4',3,1,X'01CEB94582C0881E5E00016DB2D07F2BA61A7901949E296192B2E82C0000000154F129A03B0D358C000000',X'01CEB94582C0881E5E00016DB2D07F2BA61A7901949E296192B2E82C0000000154F129A03B0D358C0000014F46CF5B5D365BC7','new',NULL,NULL);
INSERT INTO "links" VALUES(3,1,'AAMke=','e5','v4','v5',3,1,X'017E5638548D4A9EC400015B6991B94887905C01949E296192B2E82C00000001CD0E50C7307E633E000000',X'017E5638548D4A9EC400015B6991B94887905C01949E296192B2E82C00000001CD0E50C7307E633E000001A2F87CADE983F3EB','new',NULL,NULL);
INSERT INTO "links" VALUES(4,1,'AAMkc=','e1','v7','v6',3,1,X'01633E249E1E09BB8400017A9DC83F56E3CFD001949E296192B2E82C0000000129617BF9ABBA1C5C0000017751FB6631749DF0',NULL,'first_pairing|company,file_as',NULL,NULL);
INSERT INTO "links" VALUES(5,1,'AAMkd=','e2','v8','v7',3,1,X'01ACD72A4778DBB4D50001EDCABBAC793A627101949E296192B2E82C000000010336512E1A2D9DF20000018007EDC120103178',NULL,'first_pairing|company,file_as',NULL,NULL);
CREATE TABLE parked (
        number INTEGER PRIMARY KEY,
        sync INTEGER NOT NULL,
        side INTEGER NOT NULL,
        id TEXT NOT NULL,
        version TEXT,
        kind TEXT NOT NULL,
        reasons TEXT NOT NULL,
        keys TEXT,
        attempts INTEGER NOT NULL,
        first_seen INTEGER, last_seen INTEGER, retry_at INTEGER,
        UNIQUE (sync, side, id)
    );
INSERT INTO "parked" VALUES(1,1,0,'AAMkf=','v5','ignored','["missing:first_name","missing:last_name"]','4b9349dfd972361e',0,1773824408000000,1773824408000000,NULL);
CREATE TABLE parked_keys (
        sync INTEGER NOT NULL,
        key BLOB NOT NULL,
        parked INTEGER NOT NULL,
        PRIMARY KEY (sync, key, parked)
    ) WITHOUT ROWID
    ;
INSERT INTO "parked_keys" VALUES(1,X'4B9349DFD972361E',1);
CREATE TABLE runs (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        sync INTEGER NOT NULL,
        state TEXT NOT NULL,
        initial INTEGER NOT NULL,
        enqueued INTEGER, started INTEGER, ended INTEGER,
        synced INTEGER NOT NULL,
        ignored INTEGER NOT NULL,
        counts TEXT NOT NULL,
        note TEXT NOT NULL
    );
INSERT INTO "runs" VALUES(1,1,'complete',1,NULL,1773824408000000,1773824415000000,5,1,'{"synced":5,"ignored":1,"left.create":1,"right.create":2,"left.update":2,"right.update":2}','');
CREATE TABLE syncs (
        number INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        revision INTEGER NOT NULL,
        layout TEXT NOT NULL,
        left_extent TEXT NOT NULL, right_extent TEXT NOT NULL,
        left_account TEXT NOT NULL, right_account TEXT NOT NULL,
        left_cursor TEXT, right_cursor TEXT,
        enabled INTEGER NOT NULL,
        initial INTEGER NOT NULL,
        confirmed TEXT NOT NULL,
        links INTEGER NOT NULL,
        parked TEXT NOT NULL
    );
INSERT INTO "syncs" VALUES(1,'kept',6,'first_name@1,middle_name@1,last_name@1,company@1,position@1,department@1,division@1,emails@1,phones@1,address@1,file_as@1','319dcb278bfc0e93','67c5cd9ff38619b2','a08597706f1298cc','176ab7bfac6fe4da','d.5.5.-1.0.885ed0bf0','d.3.3.-1.0.2c31fe230',1,0,'{}',5,'{"ignored":1}');
CREATE INDEX links_left_identity ON links (left_identity) WHERE left_identity IS NOT NULL;
CREATE INDEX links_right_identity ON links (right_identity) WHERE right_identity IS NOT NULL;
CREATE INDEX links_of_sync ON links (sync);
CREATE INDEX parked_waiting ON parked (sync, retry_at) WHERE retry_at IS NOT NULL;
CREATE INDEX batches_of_sync ON batches (sync);
CREATE INDEX batches_claiming ON batches (claims) WHERE claims IS NOT NULL;
CREATE INDEX runs_of_sync ON runs (sync);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('runs',1);
INSERT INTO "sqlite_sequence" VALUES('batches',4);
INSERT INTO "sqlite_sequence" VALUES('links',5);
COMMIT;
