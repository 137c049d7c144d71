// Package worker sends notifications about shipments.
package worker

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
)

// Event is what happened to a shipment.
type Event struct {
	ShipmentID int64  `json:"shipment_id"`
	Kind       string `json:"kind"`
	WebhookURL string `json:"-"`
}

// Notify posts one event to the webhook of its account.
func Notify(ctx context.Context, client *http.Client, event Event) error {
	body, err := json.Marshal(event)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, event.WebhookURL, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	return nil
}
