CREATE TABLE accounts (
    customer text PRIMARY KEY,
    tier     text NOT NULL CHECK (tier IN ('STANDARD', 'PREMIUM')),
    points   bigint NOT NULL DEFAULT 0 CHECK (points >= 0)
);

INSERT INTO accounts (customer, tier)
SELECT 'cust-' || lpad(n::text, 2, '0'), CASE WHEN n IN (3, 7, 11, 15, 19) THEN 'PREMIUM' ELSE 'STANDARD' END
FROM generate_series(1, 20) AS n;

CREATE TABLE awards (
    order_id   uuid PRIMARY KEY,
    customer   text NOT NULL REFERENCES accounts,
    points     bigint NOT NULL CHECK (points >= 0),
    awarded_at timestamptz NOT NULL
);

-- Premium customers only; a product without a row counts once.
CREATE TABLE multipliers (
    sku        text PRIMARY KEY,
    multiplier numeric(3, 1) NOT NULL CHECK (multiplier >= 1)
);

INSERT INTO multipliers (sku, multiplier) VALUES
    ('sku-01', 2.0),
    ('sku-04', 1.5),
    ('sku-07', 3.0),
    ('sku-12', 1.5),
    ('sku-16', 2.0),
    ('sku-21', 1.5),
    ('sku-28', 2.0),
    ('sku-33', 3.0),
    ('sku-42', 1.5),
    ('sku-50', 3.0);
