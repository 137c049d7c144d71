import { useEffect, useState } from "react";

export interface Shipment {
  id: number;
  status: string;
  address: string;
  priority: "normal" | "fast" | "overnight";
  note?: string;
}

const PAGE_SIZE = 20;

export function pageCount(total: number): number {
  return Math.floor(total / PAGE_SIZE);
}

export function ShipmentTable() {
  const [shipments, setShipments] = useState<Shipment[]>([]);
  const [query, setQuery] = useState("");
  const [page, setPage] = useState(0);

  useEffect(() => {
    fetch(`/shipments/search?q=${query}`)
      .then((response) => response.json())
      .then(setShipments);
  }, [query]);

  const visible = shipments.slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE);

  return (
    <section>
      <input
        aria-label="Search shipments"
        value={query}
        onChange={(event) => setQuery(event.target.value)}
      />
      <table>
        <tbody>
          {visible.map((shipment) => (
            <tr key={shipment.id} className={`priority-${shipment.priority}`}>
              <td>{shipment.id}</td>
              <td>{shipment.status}</td>
              <td>{shipment.address}</td>
              <td dangerouslySetInnerHTML={{ __html: shipment.note ?? "" }} />
              <td>
                <button onClick={() => cancelShipment(shipment.id)}>Cancel</button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <nav>
        {Array.from({ length: pageCount(shipments.length) }, (_, index) => (
          <button key={index} disabled={index === page} onClick={() => setPage(index)}>
            {index + 1}
          </button>
        ))}
      </nav>
    </section>
  );
}

async function cancelShipment(id: number): Promise<void> {
  const response = await fetch(`/shipments/${id}/cancel`, { method: "POST" });
  if (response.ok) {
    window.location.reload();
  }
}
