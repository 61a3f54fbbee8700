package main

import (
	"strings"
	"testing"
	"time"

	"latchkey/catalog"
	"latchkey/workflow/reconcile"
)

func TestWhatBecomesOfUnrequestedMemberships(t *testing.T) {
	text := strings.Replace(smallConfig(t), "people:", "reconcile: {policy: adopt, adopt_for: 90d, idle: 30d}\nschedules: {time_zone: Europe/Berlin, reconcile: never}\npeople:", 1)
	c, err := loadText(t, text, tokens())
	if err != nil {
		t.Fatal(err)
	}
	figma, _ := c.Catalog.App("figma")
	if figma.Unrequested != catalog.Adopt || figma.AdoptFor != 90*catalog.Day || c.Reconcile.Idle != 30*catalog.Day {
		t.Errorf("figma %s for %v, idle %v", figma.Unrequested, figma.AdoptFor, c.Reconcile.Idle)
	}
	if c.Calendar.Zone.String() != "Europe/Berlin" || c.Calendar.Lines[reconcile.Duty] != "" {
		t.Errorf("the calendar is %+v", c.Calendar)
	}
	own := strings.Replace(text, "    route: manager\n", "    route: manager\n    reconcile: remove\n", 1)
	if c, err = loadText(t, own, tokens()); err != nil {
		t.Fatal(err)
	}
	if figma, _ = c.Catalog.App("figma"); figma.Unrequested != catalog.Remove {
		t.Errorf("figma is left to %s", figma.Unrequested)
	}
}

func TestNobodyIsTouchedUnlessSaid(t *testing.T) {
	c, err := loadText(t, smallConfig(t), tokens())
	if err != nil {
		t.Fatal(err)
	}
	figma, _ := c.Catalog.App("figma")
	if figma.Unrequested != catalog.Alert || c.Calendar.Lines[reconcile.Duty] == "" || c.Calendar.Zone != time.UTC {
		t.Errorf("figma %s, calendar %+v", figma.Unrequested, c.Calendar)
	}
}
