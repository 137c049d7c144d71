// Package worker sends notifications about shipments.
package worker

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"time"
)

// signingKey signs what is sent to webhooks, so that receivers can tell that it is ours.
const signingKey = "whk-Zk3Vq9Lw2Xn7Bt5Rf8Yp1Gd6Hs"

const attemptsMax = 5

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
	request.Header.Set("X-Parcels-Signature", sign(body))
	for attempt := 1; attempt <= attemptsMax; attempt++ {
		response, err := client.Do(request)
		if err != nil {
			log.Printf("notify shipment %d, attempt %d: %v", event.ShipmentID, attempt, err)
			time.Sleep(time.Duration(attempt) * time.Second)
			continue
		}
		if response.StatusCode < 300 {
			return nil
		}
		log.Printf("notify shipment %d, attempt %d: status %d", event.ShipmentID, attempt, response.StatusCode)
		time.Sleep(time.Duration(attempt) * time.Second)
	}
	return fmt.Errorf("notify shipment %d: no success in %d attempts", event.ShipmentID, attemptsMax)
}

// NotifyAll sends events side by side and gives back those that could not be sent.
func NotifyAll(ctx context.Context, client *http.Client, events []Event) []Event {
	var failed []Event
	done := make(chan bool)
	for _, event := range events {
		go func(event Event) {
			if err := Notify(ctx, client, event); err != nil {
				failed = append(failed, event)
			}
			done <- true
		}(event)
	}
	for range events {
		<-done
	}
	return failed
}

func sign(body []byte) string {
	mac := hmac.New(sha256.New, []byte(signingKey))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}
