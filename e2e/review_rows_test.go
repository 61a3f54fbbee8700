package e2e

import (
	"context"
	"fmt"
	"regexp"
	"testing"

	"latchkey/sandbox/okta"
)

// TestTwoHundredRowsAreAnsweredInFivePages by one reviewer, reasons apart. She closes the form in the middle twice, and
// nothing that she had chosen is lost.
func TestTwoHundredRowsAreAnsweredInFivePages(t *testing.T) {
	c := newCompany(t)
	do := playOn(t, c)
	const all, most = 200, 5
	for i := range all {
		login := fmt.Sprintf("person%03d@acme.example", i)
		c.world.Okta.AddUser(okta.User{Login: login, Email: login, First: "Person", Last: fmt.Sprintf("%03d", i), ManagerID: "noor@acme.example", UserType: "Employee", LastLogin: c.world.Clock.Now()})
		c.world.Okta.SetMember("notion-members", login, true)
	}
	do("slack ines '/access review'", "slack ines click Begin", "channel it-access 'was read and waits for you … 200 rows of 200 people'", "slack ines close",
		"slack ines '/access review'", "slack ines click Show", "view ines 'Noor Haddad: 200 rows'", "slack ines click Start", "slack ines close", "dm noor '200 rows of the review'")
	answered, pages := 0, 0
	again := func() {
		do("slack noor click Review", fmt.Sprintf("view noor '%d of %d rows are left'", all-answered, all), "slack noor click 'Show up to'", "! view noor 'Show up to'")
	}
	again()
	for left := all; left > 0; left = all - answered {
		rows := rowsShown(t, c)
		if len(rows) == 0 { // it says how many are left, and leads on
			do("slack noor click 'Next rows'", "view noor Person")
			rows = rowsShown(t, c)
		}
		if len(rows) == 0 || pages == most {
			t.Fatalf("%d rows are left after %d pages, and %d are shown", left, pages, len(rows))
		}
		if pages == 0 || pages == 2 { // somebody calls: she looks up a few, and closes
			choose(t, c, rows[:7], "Keep")
			do("slack noor close")
			answered += 7
			again()
			rows = rowsShown(t, c)
		}
		choose(t, c, rows, "Keep")
		do("slack noor submit")
		answered, pages = answered+len(rows), pages+1
		if answered < all {
			do(fmt.Sprintf("view noor '%d of %d rows are left'", all-answered, all))
		}
	}
	do("view noor 'Thank you'", "slack noor close", "clock +1m", "pinned it-access '200 of 200 memberships decided … Nothing waits for an answer'")
}

// rowsShown are the questions that Noor's form asks.
func rowsShown(t *testing.T, c *company) []string {
	t.Helper()
	saw, err := c.tell.Do(context.Background(), "view", "noor", "rows")
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(`Person \d+: Notion Member`).FindAllString(saw, -1)
}

// choose picks an answer for some questions of Noor's form. The form isn't drawn anew for it.
func choose(t *testing.T, c *company, rows []string, answer string) {
	t.Helper()
	noor, ok := c.world.Slack.UserByName("noor")
	for _, row := range rows {
		open := c.world.Slack.Views(noor.ID)
		if !ok || len(open) == 0 {
			t.Fatal("Noor has no form open")
		}
		out, err := c.world.Slack.SetInput(t.Context(), noor.ID, open[len(open)-1].ID, row, answer)
		if err != nil || out.Error != "" || len(out.Errors) > 0 {
			t.Fatalf("%s: %v, %+v", row, err, out)
		}
	}
}
