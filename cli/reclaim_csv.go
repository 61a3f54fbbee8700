package cli

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"

	"latchkey/app"
	"latchkey/evidence"
)

// writeSeatsCSV writes a line for each seat, and one for each app that couldn't be read: what isn't there isn't known.
func writeSeatsCSV(w io.Writer, s app.ReclaimSummary) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"app", "standing", "holder", "accounts", "roles", "why", "case", "last_use", "source", "reaches_back_to", "counts_since", "read", "price", "currency", "paid_for", "renews"}); err != nil {
		return err
	}
	for _, a := range s.Apps {
		if a.Unread != "" {
			if err := out.Write(harmless(a.Name, "not read", "", "", "", a.Unread, "", "", "", "", "", "", "", "", "", "")); err != nil {
				return err
			}
		}
		for _, seat := range a.Seats {
			if err := out.Write(seatCells(a, seat)); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

func seatCells(a app.ReclaimApp, s app.ReclaimSeat) []string {
	paid := ""
	price, _, _ := strings.Cut(a.Price(), " ")
	if a.Seat.Committed > 0 {
		paid = strconv.Itoa(a.Seat.Committed)
	}
	return harmless(a.Name, s.Word(), s.Name, strings.Join(s.Accounts, " "), strings.Join(s.Roles, ", "), s.Why, s.Case,
		cellTime(s.Seen.Last), s.Seen.Source, cellTime(s.Seen.Reach), cellTime(s.Seen.Since), cellTime(s.Seen.Read), price, a.Seat.Currency, paid, cellDay(a.Seat.Renews))
}

// harmless are cells of which a spreadsheet takes none for a formula.
func harmless(cells ...string) []string {
	for i, c := range cells {
		cells[i] = evidence.Harmless(oneLine(c))
	}
	return cells
}

func cellTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func cellDay(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}
