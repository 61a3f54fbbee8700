package config

import (
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/catalog"
)

// TestWhenPeopleAreToldAgain: what makes no sense is said where it stands.
func TestWhenPeopleAreToldAgain(t *testing.T) {
	for text, want := range map[string]string{
		"remind: {brief: []}":                               "write one to three",
		"remind: {ordinary: [1h, 2h, 3h, 4h]}":              "write one to three",
		"remind: {ordinary: [2h, 1h]}":                      "begin with the earliest",
		"remind: {ordinary: [1h, 1h]}":                      "begin with the earliest",
		"remind: {brief: [5h]}":                             "when others have been told already, after 4h",
		"remind: {soon: [1h]}":                              "soon",
		"escalate_to: [manager, manager]":                   "names manager twice",
		"escalate_to: [boss]":                               "boss",
		"lapse: {brief: 4h}":                                "over before others are asked as well, after 4h",
		"lapse: forever":                                    "can't be forever",
		"lapse: {long: soon}":                               "requests.lapse.long",
		"escalate: {brief: never}":                          "requests.escalate.brief",
		"remind: {brief: [30m]}, lapse: {ordinary: 1d}":     "requests.lapse.ordinary",
		"escalate: {ordinary: 8d}, lapse: {ordinary: 200h}": "",
		"lapse: 3d":                                         "",
	} {
		_, err := loadText(t, smallConfig(t)+"requests: {"+text+"}\n", tokens())
		if want == "" && err == nil {
			continue
		}
		if err == nil || want == "" || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// TestWorkingHours: days by their names, and times that people write.
func TestWorkingHours(t *testing.T) {
	text := func(hours string) string {
		return strings.Replace(smallConfig(t), "people:\n", "people:\n  hours: {"+hours+"}\n", 1)
	}
	for hours, want := range map[string]string{
		"days: []": "has no day", "days: [someday]": "someday", `from: "25:00"`: "write a time of the day", `from: "16:30"`: "an hour before",
	} {
		if _, err := loadText(t, text(hours), tokens()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", hours, err, want)
		}
	}
	c, err := loadText(t, text(`days: [sunday, monday], from: "7:30", to: "24:00"`), tokens())
	if h := c.People.Hours; err != nil || h.From != 7*time.Hour+30*time.Minute || h.To != catalog.Day || !slices.Equal(h.Days, []string{"sunday", "monday"}) {
		t.Errorf("%+v, %v", h, err)
	}
}

// TestFewerReminders: where others are asked sooner, the reminders that would come later
// are left out.
func TestFewerReminders(t *testing.T) {
	c, err := loadText(t, smallConfig(t)+"requests: {escalate: {brief: 1h, ordinary: 2h}}\n", tokens())
	if err != nil {
		t.Fatal(err)
	}
	c2, err := loadText(t, smallConfig(t)+"requests: {escalate: {ordinary: 5d}}\n", tokens())
	if err != nil || c2.Requests.Lapse.Ordinary != 10*catalog.Day {
		t.Errorf("%+v, %v", c2.Requests.Lapse, err)
	}
	if r := c.Requests.Remind; !slices.Equal(r.Brief, []time.Duration{30 * time.Minute}) || !slices.Equal(r.Ordinary, []time.Duration{time.Hour}) {
		t.Errorf("%+v", r)
	}
}
