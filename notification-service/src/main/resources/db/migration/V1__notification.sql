-- The one place in the shop with names and addresses.
CREATE TABLE recipients (
    customer text PRIMARY KEY,
    name     text NOT NULL,
    email    text NOT NULL
);

INSERT INTO recipients (customer, name, email)
SELECT 'cust-' || lpad(n::text, 2, '0'), name || ' Sample', lower(name) || '@example.com'
FROM unnest(ARRAY['Alder', 'Aspen', 'Briar', 'Cedar', 'Clover', 'Dahlia', 'Fern', 'Flint', 'Hazel', 'Heather',
    'Iris', 'Ivy', 'Juniper', 'Laurel', 'Linden', 'Maple', 'Olive', 'Rowan', 'Sorrel', 'Willow'])
    WITH ORDINALITY AS names (name, n);

CREATE TABLE notifications (
    order_id uuid NOT NULL,
    kind     text NOT NULL,
    event_id uuid NOT NULL UNIQUE,
    customer text NOT NULL REFERENCES recipients,
    sent_at  timestamptz NOT NULL,
    -- Each piece of news is told once, even if the event comes again under another id.
    PRIMARY KEY (order_id, kind)
);
