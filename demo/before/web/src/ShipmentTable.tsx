import { useEffect, useState } from "react";

export interface Shipment {
  id: number;
  status: string;
  address: string;
}

export function ShipmentTable() {
  const [shipments, setShipments] = useState<Shipment[]>([]);

  useEffect(() => {
    fetch("/shipments")
      .then((response) => response.json())
      .then(setShipments);
  }, []);

  return (
    <table>
      <tbody>
        {shipments.map((shipment) => (
          <tr key={shipment.id}>
            <td>{shipment.id}</td>
            <td>{shipment.status}</td>
            <td>{shipment.address}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
