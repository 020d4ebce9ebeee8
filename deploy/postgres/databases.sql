-- A database and a role of the same name for each service that owns data. A service that reads its neighbour's tables shall
-- fail, so nobody else may connect.
CREATE ROLE orders LOGIN PASSWORD 'orders';
CREATE ROLE inventory LOGIN PASSWORD 'inventory';
CREATE ROLE payment LOGIN PASSWORD 'payment';
CREATE ROLE loyalty LOGIN PASSWORD 'loyalty';
CREATE ROLE notification LOGIN PASSWORD 'notification';
CREATE ROLE analytics LOGIN PASSWORD 'analytics';
CREATE DATABASE orders OWNER orders;
CREATE DATABASE inventory OWNER inventory;
CREATE DATABASE payment OWNER payment;
CREATE DATABASE loyalty OWNER loyalty;
CREATE DATABASE notification OWNER notification;
CREATE DATABASE analytics OWNER analytics;
REVOKE CONNECT ON DATABASE orders, inventory, payment, loyalty, notification, analytics FROM PUBLIC;
