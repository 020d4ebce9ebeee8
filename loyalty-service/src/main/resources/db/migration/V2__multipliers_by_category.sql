-- By the category that inventory-service keeps with each product: a new product has its multiplier at once. Premium
-- customers only; a category without a row counts once.
DROP TABLE multipliers;

CREATE TABLE multipliers (
    category   text PRIMARY KEY,
    multiplier numeric(3, 1) NOT NULL CHECK (multiplier >= 1)
);

INSERT INTO multipliers (category, multiplier) VALUES
    ('clocks', 2.0),
    ('curiosities', 1.5),
    ('instruments', 3.0),
    ('timers', 1.5);
