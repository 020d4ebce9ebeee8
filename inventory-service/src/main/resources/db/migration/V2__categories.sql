ALTER TABLE stock ADD COLUMN category text;

UPDATE stock SET category = CASE
    WHEN sku IN ('sku-01', 'sku-11', 'sku-12', 'sku-13', 'sku-14', 'sku-15', 'sku-16', 'sku-17', 'sku-18', 'sku-37',
                 'sku-47', 'sku-48', 'sku-49') THEN 'clocks'
    WHEN sku IN ('sku-02', 'sku-03', 'sku-04', 'sku-05', 'sku-06', 'sku-31', 'sku-32', 'sku-50') THEN 'timers'
    WHEN sku IN ('sku-07', 'sku-09', 'sku-10') THEN 'instruments'
    WHEN sku IN ('sku-08', 'sku-19', 'sku-20', 'sku-34', 'sku-35', 'sku-36') THEN 'watches'
    WHEN sku IN ('sku-21', 'sku-22', 'sku-23', 'sku-24', 'sku-25', 'sku-27', 'sku-28', 'sku-29') THEN 'calendars'
    WHEN sku IN ('sku-26', 'sku-30', 'sku-33', 'sku-39') THEN 'curiosities'
    ELSE 'workshop'
END;

ALTER TABLE stock ALTER COLUMN category SET NOT NULL;
