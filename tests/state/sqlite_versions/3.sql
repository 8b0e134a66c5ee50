-- A state as version 3 wrote it: leases without their length.
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
INSERT INTO "batches" VALUES(1,1,1,1772366400000000,1,'[["t1","create","l9","","v1",null,1,4,5]]',X'6C6566747269676874',NULL);
CREATE TABLE key_check (digest BLOB NOT NULL);
INSERT INTO "key_check" VALUES(X'F470020145844FC55E2DB0B2E3F0567F');
CREATE TABLE layouts (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
INSERT INTO "layouts" VALUES(1,'layout 1');
CREATE TABLE leases (
        sync TEXT PRIMARY KEY,
        worker TEXT NOT NULL,
        token INTEGER NOT NULL,
        until INTEGER NOT NULL
    ) WITHOUT ROWID
    ;
INSERT INTO "leases" VALUES('s','one',7,0);
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
INSERT INTO "links" VALUES(1,1,'l0','r0','v0',NULL,3,1,X'6261736530',X'6F74686572','created',NULL,NULL);
INSERT INTO "links" VALUES(2,1,'l1','r1','v1',NULL,1,1,X'6261736531',NULL,'created',NULL,NULL);
INSERT INTO "links" VALUES(3,1,'l2','r2','v2',NULL,3,1,X'6261736532',NULL,'created',NULL,NULL);
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
INSERT INTO "parked" VALUES(1,1,0,'l7','v','ignored','["missing:last_name"]','6b31,6b32',2,1772366400000000,1772366400000000,1772366400000000);
CREATE TABLE parked_keys (
        sync INTEGER NOT NULL,
        key BLOB NOT NULL,
        parked INTEGER NOT NULL,
        PRIMARY KEY (sync, key, parked)
    ) WITHOUT ROWID
    ;
INSERT INTO "parked_keys" VALUES(1,X'6B31',1);
INSERT INTO "parked_keys" VALUES(1,X'6B32',1);
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
INSERT INTO "runs" VALUES(1,1,'complete',0,NULL,1772366400000000,1772366400000000,3,0,'{"synced":3}','');
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
INSERT INTO "syncs" VALUES(1,'s',1,'layout 1','e1','e2','a1','a2','c1',NULL,1,0,'{"removals":3}',3,'{"ignored":1}');
INSERT INTO "syncs" VALUES(2,'ü',1,'','','','','',NULL,NULL,0,1,'{}',0,'{}');
CREATE INDEX links_left_identity ON links (left_identity) WHERE left_identity IS NOT NULL;
CREATE INDEX links_right_identity ON links (right_identity) WHERE right_identity IS NOT NULL;
CREATE INDEX links_of_sync ON links (sync);
CREATE INDEX parked_waiting ON parked (sync, retry_at) WHERE retry_at IS NOT NULL;
CREATE INDEX batches_of_sync ON batches (sync);
CREATE INDEX batches_claiming ON batches (claims) WHERE claims IS NOT NULL;
CREATE INDEX runs_of_sync ON runs (sync);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('batches',1);
INSERT INTO "sqlite_sequence" VALUES('links',3);
INSERT INTO "sqlite_sequence" VALUES('runs',1);
COMMIT;
