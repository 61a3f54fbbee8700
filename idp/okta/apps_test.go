package okta_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"latchkey/idp"
	sandbox "latchkey/sandbox/okta"
)

// TestApplicationsSayWhatTheyAre: a part of Okta itself is marked, and what an assignment makes of its members is told.
func TestApplicationsSayWhatTheyAre(t *testing.T) {
	o := newOrg(t, sandbox.Config{FullShare: true}, nil)
	o.AddGroup(sandbox.Group{Name: "editors"})
	o.AddGroup(sandbox.Group{Name: "viewers"})
	figma := o.AddApp(sandbox.App{Name: "figma", Label: "Figma", Groups: []string{"editors", "viewers"}, Roles: map[string]string{"editors": "Editor"}})
	o.AddApp(sandbox.App{Name: "saasure", Label: "Okta Admin Console"})
	lister, _ := idp.As[idp.AppLister](o.Directory)
	apps, err := lister.Apps(t.Context())
	if err != nil || len(apps) != 2 || apps[0].Kind != "figma" || apps[0].Why != "" || !strings.Contains(apps[1].Why, "Okta itself") {
		t.Errorf("applications: %+v (%v)", apps, err)
	}
	all, err := lister.Assignments(t.Context(), figma.ID)
	if err != nil || len(all.Groups) != 2 || all.Groups[0].Role != "Editor" || all.Groups[1].Role != "" || all.InPerson.Known {
		t.Errorf("assignments: %+v (%v)", all, err)
	}
	if _, err := lister.Assignments(t.Context(), ""); !errors.Is(err, idp.ErrNotFound) {
		t.Errorf("no id: %v", err)
	}
}

// TestALongListOfAccountsIsCountedToItsEnd: an application without a group may be assigned to many, page by page.
func TestALongListOfAccountsIsCountedToItsEnd(t *testing.T) {
	o := newOrg(t, sandbox.Config{FullShare: true}, nil)
	var people []string
	for i := range 450 {
		people = append(people, o.AddUser(sandbox.User{Login: fmt.Sprintf("p%03d@x.com", i)}).Login)
	}
	app := o.AddApp(sandbox.App{Label: "Canva", People: people})
	lister, _ := idp.As[idp.AppLister](o.Directory)
	if all, err := lister.Assignments(t.Context(), app.ID); err != nil || all.InPerson != idp.Counted(450) {
		t.Errorf("counted %+v (%v)", all, err)
	}
	o.AddFault(sandbox.Fault{Path: "/api/v1/apps/*/users", Frozen: true})
	if all, err := lister.Assignments(t.Context(), app.ID); err == nil || !strings.Contains(err.Error(), "go round in circles") {
		t.Errorf("pages without end: %+v (%v)", all, err)
	}
}
