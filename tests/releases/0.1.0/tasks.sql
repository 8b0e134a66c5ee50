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
INSERT INTO "layouts" VALUES(1,'text@1,due_and_alarm@1,status@1,importance@1,completed_on@1,recurrence@1');
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
INSERT INTO "links" VALUES(1,1,'AQMk3==','t1','v3','v1',3,1,X'02CB3A14E271E861C50000000000000000028C9117A379538546000000000000000001C6E5224D98CD6FD901BC39E8FF6F6AAD6B00016FF39DA4B7502661',NULL,'new',NULL,NULL);
INSERT INTO "links" VALUES(2,1,'AQMk4==','t2','v4','v2',3,1,X'0216B65AC1CE103AAA000000000000000002B64634F94AB474B1000000000000000001C6E5224D98CD6FD901BC39E8FF6F6AAD6B0000',NULL,'new',NULL,NULL);
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
INSERT INTO "parked" VALUES(1,1,0,'AQMk1==','v1','passed_over','["not_in_the_initial_run"]',NULL,0,1773824404000000,1773824404000000,NULL);
INSERT INTO "parked" VALUES(2,1,0,'AQMk2==','v2','passed_over','["not_in_the_initial_run"]',NULL,0,1773824404000000,1773824404000000,NULL);
CREATE TABLE parked_keys (
        sync INTEGER NOT NULL,
        key BLOB NOT NULL,
        parked INTEGER NOT NULL,
        PRIMARY KEY (sync, key, parked)
    ) WITHOUT ROWID
    ;
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
INSERT INTO "runs" VALUES(1,1,'complete',1,NULL,1773824404000000,1773824406000000,2,0,'{"synced":2,"out of scope":2,"left.create":2}','');
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
INSERT INTO "syncs" VALUES(1,'kept',2,'text@1,due_and_alarm@1,status@1,importance@1,completed_on@1,recurrence@1','93f43f00a718238a','c1e4d89cbd0a2cbd','a08597706f1298cc','176ab7bfac6fe4da','d.2.2.-1.0.6890670d0','d.2.2.-1.0.f0e89b0a0',1,0,'{}',2,'{"passed_over":2}');
CREATE INDEX links_left_identity ON links (left_identity) WHERE left_identity IS NOT NULL;
CREATE INDEX links_right_identity ON links (right_identity) WHERE right_identity IS NOT NULL;
CREATE INDEX links_of_sync ON links (sync);
CREATE INDEX parked_waiting ON parked (sync, retry_at) WHERE retry_at IS NOT NULL;
CREATE INDEX batches_of_sync ON batches (sync);
CREATE INDEX batches_claiming ON batches (claims) WHERE claims IS NOT NULL;
CREATE INDEX runs_of_sync ON runs (sync);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('runs',1);
INSERT INTO "sqlite_sequence" VALUES('batches',1);
INSERT INTO "sqlite_sequence" VALUES('links',2);
COMMIT;
