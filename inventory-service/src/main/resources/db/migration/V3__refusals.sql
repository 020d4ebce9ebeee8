-- A refusal is kept as well, so that whoever asks again is told the same.
ALTER TABLE reservations
    ADD COLUMN refused_sku text,
    DROP CONSTRAINT reservations_status_check,
    ADD CONSTRAINT reservations_status_check CHECK (status IN ('RESERVED', 'REFUSED', 'RELEASED')),
    ADD CONSTRAINT reservations_refused_sku_check CHECK ((status = 'REFUSED') = (refused_sku IS NOT NULL));
