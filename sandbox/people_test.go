package sandbox_test

import (
	"strings"
	"testing"

	"latchkey/sandbox"
)

// People of an export are there in all systems, under whoever manages them, in whatever order they stand.
func TestPeopleOfAnExport(t *testing.T) {
	people, err := sandbox.ReadPeople(strings.NewReader("\ufeffPrimary Email,First Name,Last Name,Job Title,Manager,Cost centre\n" +
		"kim.lee@corp.example,Kim,Lee,Analyst,Boss@corp.example,7\nboss@corp.example,Ana,Boss,Director,\nmaya@acme.example,Maya,Lind,Designer,,\n"))
	if err != nil || len(people) != 3 {
		t.Fatalf("%v, %v", people, err)
	}
	w, err := sandbox.Start(sandbox.Config{People: append(people, sandbox.Invented(1000)...)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	u, ok := w.Slack.UserByName("kim.lee")
	if !ok || u.RealName != "Kim Lee" || u.Title != "Analyst" || w.Directories()[0].AccountID("kim.lee@corp.example") == "" {
		t.Errorf("%+v", u)
	}
	var manager string
	_ = w.Directories()[0].Edit("kim.lee@corp.example", func(a *sandbox.Account) { manager = a.Manager })
	if manager == "" || len(w.Slack.Users()) < 1010 || len(w.Jira.Accounts()) < 1010 {
		t.Errorf("managed by %q; %d members, %d accounts", manager, len(w.Slack.Users()), len(w.Jira.Accounts()))
	}
}

func TestAnExportThatCantBeRead(t *testing.T) {
	for what, want := range map[string]string{"": "names of the columns", "name\nKim\n": "called email", "email\nkim\n": "line 2", "email,name\na@b.example,\"x\ny": "line 2"} {
		if _, err := sandbox.ReadPeople(strings.NewReader(what)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", what, err)
		}
	}
}
