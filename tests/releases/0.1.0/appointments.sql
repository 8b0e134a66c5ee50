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
INSERT INTO "layouts" VALUES(1,'subject@1,times@1,recurrence@1,exceptions@1,description@1,rich_text@1,location@1,private@1,priority@1,alarm@1,organizer@1,people@1');
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
INSERT INTO "links" VALUES(1,1,'AAMkb=','a1','v1','v1',3,1,X'01B891BF7B2B5FAFBA01F7A7B71920D1077A00000188685420D83321D4000001C26DAB4ABE1C60B00158E79B424C5DCFAA00017254B776F63BDAFA01ECB3EA9A31FD83CA',NULL,'new',NULL,NULL);
INSERT INTO "links" VALUES(2,1,'AAMkc=','a2','v2','v2',3,1,X'017802194CFDCF3CFD0174112D5988B6983F000000000001C26DAB4ABE1C60B00158E79B424C5DCFAA00017254B776F63BDAFA00',NULL,'new',NULL,NULL);
INSERT INTO "links" VALUES(3,1,'AAMkd=','a3','v3','v3',3,1,X'014D2F009810616CB801F7A7B71920D1077A0137A2E63F13F55E530000000001C26DAB4ABE1C60B00158E79B424C5DCFAA00017254B776F63BDAFA00',NULL,'new',NULL,NULL);
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
INSERT INTO "runs" VALUES(1,1,'complete',1,NULL,1773824404000000,1773824407000000,3,0,'{"synced":3,"right.create":3}','');
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
INSERT INTO "syncs" VALUES(1,'kept',2,'subject@1,times@1,recurrence@1,exceptions@1,description@1,rich_text@1,location@1,private@1,priority@1,alarm@1,organizer@1,people@1','af41c8d3ca639fa8','3ac4abab25d8f6e0','a08597706f1298cc','176ab7bfac6fe4da','d.3.3.-1.0.728d27d40','d.0.0.-1.0.b71ca58b0',1,0,'{}',3,'{}');
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
INSERT INTO "sqlite_sequence" VALUES('links',3);
COMMIT;
