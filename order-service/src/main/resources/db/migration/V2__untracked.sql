-- The checkouts that analytics-service does not know of yet. The row comes with its order, in the same transaction, and goes
-- when analytics-service has answered: whatever dies in between, the checkout is told of, if need be twice.
CREATE TABLE untracked (
    order_id    uuid PRIMARY KEY REFERENCES orders,
    -- What the customer was told, kept when the call fails. Where the process died before it, the order's own end has to do.
    outcome     text,
    duration_ms bigint,
    attempts    integer NOT NULL DEFAULT 0,
    due_at      timestamptz NOT NULL
);

CREATE INDEX untracked_due ON untracked (due_at);

-- By the database, for the same reason as the history: no order without it, and no statement of its own. It is due when
-- recovery would look at the order too: a live checkout has told of itself by then.
CREATE FUNCTION expect_tracking() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO untracked (order_id, due_at) VALUES (NEW.id, coalesce(NEW.due_at, NEW.placed_at));
    RETURN NULL;
END $$;

CREATE TRIGGER order_untracked AFTER INSERT ON orders
    FOR EACH ROW EXECUTE FUNCTION expect_tracking();
