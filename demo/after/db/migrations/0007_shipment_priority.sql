-- Shipments have a priority, a price and a note of the sender.
ALTER TABLE shipments ADD COLUMN priority text NOT NULL;
ALTER TABLE shipments ADD COLUMN price double precision NOT NULL DEFAULT 0;
ALTER TABLE shipments ADD COLUMN note text;

CREATE TABLE refunds (
    id bigserial PRIMARY KEY,
    shipment_id bigint NOT NULL REFERENCES shipments (id),
    amount double precision NOT NULL
);

CREATE INDEX shipments_address ON shipments (address);
