CREATE TABLE cards (
    customer     text PRIMARY KEY,
    -- What the card provider knows the card by. It never leaves this service, not even into a log.
    token        text NOT NULL,
    charge_limit numeric(12, 2) NOT NULL
);

INSERT INTO cards (customer, token, charge_limit)
SELECT 'cust-' || lpad(n::text, 2, '0'), 'tok_' || substr(md5('card ' || n), 1, 24),
       CASE n WHEN 20 THEN 0.01 ELSE 100000.00 END
FROM generate_series(1, 20) AS n;

CREATE TABLE charges (
    order_id uuid PRIMARY KEY,
    -- PENDING: the provider has been asked, or will be. VOIDED: refunded before it was ever charged.
    status   text NOT NULL CHECK (status IN ('PENDING', 'CAPTURED', 'DECLINED', 'REFUNDED', 'VOIDED')),
    customer text,
    amount   numeric(12, 2) CHECK (amount >= 0),
    currency char(3),
    reason   text,
    at       timestamptz NOT NULL,
    CHECK (status = 'VOIDED' OR (customer IS NOT NULL AND amount IS NOT NULL AND currency IS NOT NULL))
);
