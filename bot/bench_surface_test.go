package bot

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	api "github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/bottest"
	"latchkey/bot/roster"
	"latchkey/bot/socket"
	"latchkey/catalog"
	"latchkey/clock"
	"latchkey/store"
	"latchkey/store/bolt"
	"latchkey/workflow"
	"latchkey/workflow/people/peopletest"
)

// town is a bot before a real workflow with a full store, and a Slack that
// answers at once and tells what it was asked.
type town struct {
	bot  *Bot
	seen chan string // methods that change what people see
}

const (
	townApps   = 10_000
	townGrants = 5_000
	townPeople = 500
)

func newTown(b *testing.B) *town {
	b.Helper()
	w := &town{seen: make(chan string, 16)}
	server := httptest.NewServer(http.HandlerFunc(w.slack))
	client := api.New("xoxb", api.OptionAPIURL(server.URL+"/"), api.OptionHTTPClient(server.Client()))
	s, err := bolt.Open(filepath.Join(b.TempDir(), "town.db"), bolt.Options{})
	if err == nil {
		err = store.BeginLog(b.Context(), s, "acme.test")
	}
	if err != nil {
		b.Fatal(err)
	}
	roster := roster.New(client, nil)
	quiet := slog.New(slog.DiscardHandler)
	offered := bottest.ManyApps(townApps, 3, "Figma")
	known := func() *catalog.Catalog { return offered }
	flow, err := workflow.New(workflow.Config{Store: s, Catalog: known, Clock: clock.System{}, Logger: quiet, Admins: []access.Email{"p0@acme.example"}}, workflow.Ports{Roster: roster})
	if err != nil {
		b.Fatal(err)
	}
	w.bot, err = New(Config{API: client, Roster: roster, Catalog: known, Requests: flow.Requests, Controls: flow.Controls, Query: flow.Query, People: flow.People, Refusals: flow, Notices: flow.Notices, Delegations: flow.Delegations, Birthrights: flow.Birthrights, Campaigns: flow.Campaigns})
	if err != nil {
		b.Fatal(err)
	}
	if err := s.Update(b.Context(), fill); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := w.bot.Close(context.Background()); err != nil {
			b.Error(err)
		}
		server.Close()
		server.Client().CloseIdleConnections()
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	return w
}

// fill fills the store: everybody holds something and has asked for something.
func fill(tx store.Tx) error {
	for i := range townPeople {
		p := store.Known{Person: peopletest.Person(fmt.Sprint("p", i))}
		p.Bindings[0].ID, p.Department = fmt.Sprint("U", i), fmt.Sprint("Department ", i%20)
		if err := store.PutPerson(tx, &p); err != nil {
			return err
		}
	}
	for i := range townGrants {
		r := access.Request{ID: fmt.Sprintf("AR-%08d", i), Requester: resident(i), Beneficiary: resident(i), App: fmt.Sprintf("app-%05d-%s", i%townApps, strings.Repeat("x", 40)),
			Role: "role-000-" + strings.Repeat("y", 40), State: access.RequestApproved, Created: bottest.Monday(), Decided: bottest.Minute(5)}
		if i%10 == 0 {
			r.State, r.Stages = access.RequestPending, []access.Stage{{Asked: []access.PersonID{resident(i + 1)}}}
		}
		g := access.Grant{ID: r.GrantID(), Request: r.ID, Person: r.Beneficiary, App: r.App, Role: r.Role, State: access.GrantActive, Created: bottest.Monday(), Started: bottest.Minute(6), Ends: time.Now().Add(time.Hour)}
		if err := store.PutRequest(tx, &r); err != nil {
			return err
		}
		if err := store.PutGrant(tx, &g); err != nil {
			return err
		}
		e := g.Event(access.EventGrantStarted, access.System(), time.Now().Add(time.Duration(i-townGrants)*time.Minute))
		if _, err := store.Append(tx, e); err != nil {
			return err
		}
	}
	return nil
}

func resident(i int) access.PersonID {
	return peopletest.ID(fmt.Sprintf("p%d", i%townPeople))
}

// slack answers the Web API.
func (w *town) slack(out http.ResponseWriter, r *http.Request) {
	out.Header().Set("Content-Type", "application/json")
	switch method := strings.TrimPrefix(r.URL.Path, "/"); method {
	case "users.info":
		id := strings.TrimPrefix(r.FormValue("user"), "U")
		fmt.Fprintf(out, `{"ok":true,"user":{"id":"U%s","team_id":"T1","tz":"UTC","profile":{"email":"p%s@acme.example","real_name":"Person %s"}}}`, id, id, id)
	case "auth.test":
		fmt.Fprint(out, `{"ok":true,"team_id":"T1"}`)
	default:
		fmt.Fprint(out, `{"ok":true,"view":{"id":"V1","hash":"1.a"}}`)
		w.seen <- method
	}
}

// measured runs something and reports the median and the 99th percentile, in
// milliseconds, of how long a person waits.
func measured(b *testing.B, do func(i int)) {
	b.Helper()
	var took []time.Duration
	i := 0
	for b.Loop() {
		begun := time.Now()
		do(i)
		took = append(took, time.Since(begun))
		i++
	}
	slices.Sort(took)
	ms := func(part int) float64 { return float64(took[(len(took)-1)*part/100].Microseconds()) / 1000 }
	b.ReportMetric(ms(50), "p50-ms")
	b.ReportMetric(ms(99), "p99-ms")
}

func (w *town) handle(b *testing.B, kind, raw string) {
	if _, err := w.bot.Handle(b.Context(), socket.Envelope{Type: kind, Payload: []byte(raw)}); err != nil {
		b.Fatal(err)
	}
}

// From the command to the form in Slack's hands.
func BenchmarkOpenCatalogue(b *testing.B) {
	w := newTown(b)
	measured(b, func(i int) {
		w.handle(b, "slash_commands", fmt.Sprintf(`{"text":"","user_id":"U%d","trigger_id":"t"}`, i%townPeople))
		<-w.seen
	})
}

// From the button to the list of apps in Slack's hands.
func BenchmarkBrowseCatalogue(b *testing.B) {
	w := newTown(b)
	measured(b, func(i int) {
		w.handle(b, "interactive", fmt.Sprintf(`{"type":"block_actions","trigger_id":"t","user":{"id":"U%d"},"view":{"id":"V1","type":"modal","callback_id":"request"},"actions":[{"action_id":"browse","value":"-","action_ts":"1"}]}`, i%townPeople))
		<-w.seen
	})
}

// From a letter typed to the answer of the menu.
func BenchmarkTypeAhead(b *testing.B) {
	w := newTown(b)
	queries := []string{"", "f", "fi", "fig", "figma 9", "figma 99", "figma 999", "nothing"}
	measured(b, func(i int) {
		w.handle(b, "interactive", fmt.Sprintf(`{"type":"block_suggestion","action_id":"app","value":%q,"user":{"id":"U%d"}}`, queries[i%len(queries)], i%townPeople))
	})
}

// From opening the Home tab to the view in Slack's hands; every fifth of those
// who look is IT, whose tab also counts the week.
func BenchmarkPublishHome(b *testing.B) {
	w := newTown(b)
	measured(b, func(i int) {
		who := i % townPeople
		if i%5 == 0 {
			who = 0
		}
		w.handle(b, "events_api", fmt.Sprintf(`{"event_id":"Ev%d","event":{"type":"app_home_opened","tab":"home","user":"U%d","view":{"private_metadata":"{\"x\":\"old\"}"}}}`, i, who))
		<-w.seen
	})
}
