package idp_test

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/idp"
)

// whole has the capabilities that full lacks.
type whole struct{ full }

func (whole) EndSessions(_ context.Context, personID string) error {
	if personID == "gone" {
		return idp.ErrNotFound
	}
	return nil
}

func (whole) LogDelay() time.Duration { return time.Hour }

func (whole) ReadLog(_ context.Context, from idp.LogPosition) (idp.LogPage, error) {
	return idp.LogPage{Changes: make([]idp.AccountChange, 4), Next: idp.LogPosition{After: from.After + "'"}}, nil
}

func (whole) People(context.Context) iter.Seq2[idp.Person, error] {
	return func(yield func(idp.Person, error) bool) {
		for _, id := range []string{"p1", "p2"} {
			if !yield(idp.Person{ID: id}, nil) {
				return
			}
		}
	}
}

func (whole) AdminRoles(context.Context, string) ([]string, error) {
	return []string{"Super admin"}, nil
}

// TestLoggedKeepsWhatCapabilitiesAnswer: nothing of an answer is lost on the way through the log, and each call has one line.
func TestLoggedKeepsWhatCapabilitiesAnswer(t *testing.T) {
	var out bytes.Buffer
	ctx, d := t.Context(), idp.Logged(whole{}, slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug})))
	sessions, _ := idp.As[idp.SessionEnder](d)
	if err := sessions.EndSessions(ctx, "p1"); err != nil {
		t.Error(err)
	}
	if err := sessions.EndSessions(ctx, "gone"); !errors.Is(err, idp.ErrNotFound) {
		t.Errorf("sessions of nobody: %v", err)
	}
	accounts, _ := idp.As[idp.AccountLog](d)
	if page, err := accounts.ReadLog(ctx, idp.LogPosition{After: "7"}); len(page.Changes) != 4 || page.Next.After != "7'" || err != nil || accounts.LogDelay() != time.Hour {
		t.Errorf("the log: %+v %v, %s late", page, err, accounts.LogDelay())
	}
	people, _ := idp.As[idp.PeopleLister](d)
	var ids []string
	for p := range people.People(ctx) {
		if ids = append(ids, p.ID); len(ids) == 1 {
			break // whoever stops has had one
		}
	}
	admins, _ := idp.As[idp.AdminGroups](d)
	if roles, err := admins.AdminRoles(ctx, "g"); !slices.Equal(roles, []string{"Super admin"}) || err != nil || !slices.Equal(ids, []string{"p1"}) {
		t.Errorf("the roles %v, %v; the people %v", roles, err, ids)
	}
	wantLines(t, out.String(), `level=DEBUG msg="end sessions" directory=plain person=p1`, `level=DEBUG msg="end sessions" directory=plain person=gone`,
		`level=DEBUG msg="read log" directory=plain changes=4`, `level=DEBUG msg=people directory=plain count=1`, `level=DEBUG msg="admin roles" directory=plain group=g`)
}

// TestLoggedKeepsWhatTheCoreAnswers and tells what was found for what was asked.
func TestLoggedKeepsWhatTheCoreAnswers(t *testing.T) {
	var out bytes.Buffer
	ctx, d := t.Context(), idp.Logged(plain{}, slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if p, err := d.Person(ctx, "p1"); p.ID != "p1" || err != nil {
		t.Error(p, err)
	}
	if g, err := d.FindGroup(ctx, "staff"); g.ID != "g-staff" || err != nil {
		t.Error(g, err)
	}
	if g, err := d.Group(ctx, "g1"); g.ID != "g1" || err != nil {
		t.Error(g, err)
	}
	wantLines(t, out.String(), "msg=person directory=plain person=p1", `msg="find group" directory=plain name=staff group=g-staff`, "msg=group directory=plain group=g1")
}

// wantLines wants these lines, which may say more, and no others.
func wantLines(t *testing.T, log string, want ...string) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(log), "\n")
	if len(lines) != len(want) {
		t.Fatalf("got %d lines, want %d:\n%s", len(lines), len(want), log)
	}
	for i, line := range lines {
		if !strings.Contains(line, want[i]) {
			t.Errorf("got  %s\nwant %s", line, want[i])
		}
	}
}
