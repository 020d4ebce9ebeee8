CREATE TABLE customers (
    id text PRIMARY KEY
);

INSERT INTO customers (id)
SELECT 'cust-' || lpad(n::text, 2, '0') FROM generate_series(1, 20) AS n;

CREATE TABLE orders (
    id            uuid PRIMARY KEY,
    customer      text NOT NULL CONSTRAINT orders_customer_known REFERENCES customers,
    status        text NOT NULL,
    reason        text,
    refused_sku   text,
    -- Read and written with their order, never alone.
    lines         jsonb NOT NULL,
    total         numeric(12, 2),
    currency      char(3),
    loyalty_due   boolean NOT NULL DEFAULT false,
    -- The W3C headers of the request that placed the order: what is done for it later belongs into the same trace.
    trace_context jsonb NOT NULL,
    placed_at     timestamptz NOT NULL,
    changed_at    timestamptz NOT NULL,
    -- When recovery should look at the order; null when nothing is left to do.
    due_at        timestamptz,
    attempts      integer NOT NULL DEFAULT 0,
    CHECK ((total IS NULL) = (currency IS NULL)),
    CHECK (total >= 0)
);

CREATE INDEX orders_by_customer ON orders (customer, placed_at DESC, id);
CREATE INDEX orders_due ON orders (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE order_steps (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id uuid NOT NULL REFERENCES orders,
    status   text NOT NULL,
    at       timestamptz NOT NULL
);

CREATE INDEX order_steps_of_order ON order_steps (order_id);

-- The history is written by the database, so that no step can be taken without it, nor cost a statement of its own.
CREATE FUNCTION write_order_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO order_steps (order_id, status, at) VALUES (NEW.id, NEW.status, NEW.changed_at);
    RETURN NULL;
END $$;

CREATE TRIGGER order_placed AFTER INSERT ON orders
    FOR EACH ROW EXECUTE FUNCTION write_order_step();
CREATE TRIGGER order_moved AFTER UPDATE OF status ON orders
    FOR EACH ROW WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION write_order_step();

CREATE TABLE idempotency_keys (
    key           text PRIMARY KEY,
    request_hash  text NOT NULL,
    order_id      uuid NOT NULL REFERENCES orders DEFERRABLE INITIALLY DEFERRED,
    -- Null while the first request is still at work.
    answer_status integer,
    answer_body   text,
    expires_at    timestamptz NOT NULL
);

CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);

CREATE TABLE outbox (
    position      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id      uuid NOT NULL,
    payload       text NOT NULL,
    trace_context jsonb NOT NULL
);

CREATE INDEX outbox_of_order ON outbox (order_id, position);
