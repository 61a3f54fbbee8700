package digest

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// money writes an amount in hundredths of a currency, such as 1234.50 EUR.
func money(amount int64, currency string) string {
	sign := ""
	if amount < 0 {
		sign, amount = "-", -amount
	}
	return strings.TrimSpace(fmt.Sprintf("%s%d.%02d %s", sign, amount/100, amount%100, currency))
}

// Price is what a seat of an app costs in a month; "" where that isn't known.
func (a App) Price() string {
	if a.Seat.Price == 0 {
		return ""
	}
	return money(a.Seat.Price, a.Seat.Currency)
}

// Worth is what the idle seats of an app cost in a month; "" where there is none, or no price is known.
func (a App) Worth() string { return worthOf([]App{a}, func(a App) int { return a.Idle }) }

// worthOf is what seats of several apps cost in a month, in each currency by itself; "" where no price is known.
func worthOf(apps []App, seats func(App) int) string {
	sums := map[string]int64{}
	for _, a := range apps {
		if n := seats(a); n > 0 && a.Seat.Price > 0 {
			sums[a.Seat.Currency] += int64(n) * a.Seat.Price
		}
	}
	var parts []string
	for _, currency := range slices.SortedFunc(maps.Keys(sums), cmp.Compare[string]) {
		parts = append(parts, money(sums[currency], currency))
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, " and ") + " a month"
}

// Contract says what was bought, and when that can be changed: a seat that comes back before is money, one that comes back after it
// is stock; "" where neither is known. at says whether that is past.
func (a App) Contract(at time.Time) string {
	var parts []string
	if a.Seat.Committed > 0 {
		said := fmt.Sprintf("%d seats are paid for", a.Seat.Committed)
		switch spare := a.Seat.Committed - a.Accounts; {
		case a.Unread != "":
		case spare > 0:
			said += fmt.Sprintf(", %d more than are held", spare)
		case spare < 0:
			said += fmt.Sprintf(", %d fewer than are held", -spare)
		}
		parts = append(parts, said)
	}
	if !a.Seat.Renews.IsZero() {
		when := "the contract is renewed on "
		if a.Seat.Renews.Before(at) {
			when = "the contract was to be renewed on "
		}
		parts = append(parts, when+a.Seat.Renews.Format("2 January 2006"))
	}
	said := strings.Join(parts, "; ")
	if said == "" {
		return ""
	}
	return strings.ToUpper(said[:1]) + said[1:] + "."
}
