-- One row for each order that has ended: a repeated event meets one of the two keys.
CREATE TABLE orders (
    order_id    uuid PRIMARY KEY,
    event_id    uuid NOT NULL UNIQUE,
    outcome     text NOT NULL,
    items       integer NOT NULL CHECK (items >= 0),
    revenue_eur numeric(14, 2) NOT NULL CHECK (revenue_eur >= 0),
    ended_at    timestamptz NOT NULL
);

CREATE TABLE checkouts (
    order_id    uuid PRIMARY KEY,
    outcome     text NOT NULL,
    duration_ms bigint NOT NULL CHECK (duration_ms >= 0),
    tracked_at  timestamptz NOT NULL
);
