package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/user"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/evidence"
	"latchkey/store"
	"latchkey/workflow"
	"latchkey/workflow/people"
	"latchkey/workflow/query"
)

// office answers the commands that look into the store. Only one process can
// have a bolt file open, so while the bot runs they ask it, through a socket
// beside the file that only the file's owner can open; otherwise they open the
// store themselves. Both ways lead through the same handler.
type office struct {
	store store.Store
	flow  *workflow.Service
	now   func() time.Time
}

// operator is whoever runs a command on this machine.
func operator(r *http.Request) access.Actor {
	return access.Actor{Via: access.ViaCLI, Account: r.FormValue("by")}
}

func (o office) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /stuck", answer(o.stuck))
	mux.HandleFunc("POST /stuck/retry", answer(o.retry))
	mux.HandleFunc("GET /report", answer(o.report))
	mux.HandleFunc("GET /evidence/verify", answer(o.verify))
	mux.HandleFunc("GET /evidence/trace", answer(o.trace))
	return mux
}

func (o office) stuck(r *http.Request) (any, error) {
	all, err := o.flow.Query.Stuck(r.Context(), operator(r), 0, 0)
	return append([]query.Stuck{}, all.Items...), err
}

func (o office) retry(r *http.Request) (any, error) {
	return o.flow.Requests.Unstick(r.Context(), r.FormValue("id"), operator(r))
}

// report is of the week asked for, or of the one that is.
func (o office) report(r *http.Request) (any, error) {
	week := r.FormValue("week")
	if week == "" {
		week = evidence.WeekOf(o.now())
	}
	p, err := evidence.Week(week)
	if err != nil {
		return nil, err
	}
	figures, err := o.flow.Query.Report(r.Context(), operator(r), p)
	return weekly{week, figures}, err
}

func (o office) verify(r *http.Request) (any, error) { return evidence.Verify(r.Context(), o.store) }

func (o office) trace(r *http.Request) (any, error) {
	who := people.ByAddress(access.NewEmail(r.FormValue("person")))
	return o.flow.Query.Trace(r.Context(), operator(r), who.ID, r.FormValue("app"))
}

// trouble is an answer that is none.
type trouble struct {
	Error string `json:"error"`
}

func answer(f func(*http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, err := f(r)
		if err != nil {
			w.WriteHeader(http.StatusConflict)
			v = trouble{sentence(err)}
			if refusal, ok := access.AsRefusal(err); ok {
				v = trouble{refusal.Sentence}
			}
		}
		_ = json.NewEncoder(w).Encode(v) // whoever asked has gone
	}
}

// socketOf is where a bot that runs on the store answers; "" for stores that
// several processes can open.
func socketOf(c StoreConfig) string {
	if c.Type != "bolt" {
		return ""
	}
	return c.Path + ".sock"
}

// openOffice serves the commands of this machine until the returned function is
// called. A bot that can't open its socket works all the same.
func (a *App) openOffice() (stop func()) {
	path := socketOf(a.config.Store)
	if path == "" {
		return func() {}
	}
	_ = os.Remove(path) // of a process that is gone: the store is ours alone
	l, err := net.Listen("unix", path)
	if err == nil {
		err = os.Chmod(path, 0o600)
	}
	if err != nil {
		a.log.Warn("commands such as latchkey stuck can't be answered while the bot runs", "error", err)
		return func() {}
	}
	return a.listen(l, office{a.store, a.flow, a.now}.handler())
}

// listen serves until the returned function is called.
func (a *App) listen(l net.Listener, h http.Handler) (stop func()) {
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			a.log.Error("stopped listening", "address", l.Addr(), "error", err)
		}
	}()
	return func() { _ = srv.Close(); <-done }
}

// visitor is a command that asks the office.
type visitor struct {
	client  *http.Client
	close   func() error
	running bool // the bot answers
}

// visit finds the office: the running bot's, or one of its own.
func visit(ctx context.Context, config *Config) (*visitor, error) {
	if path := socketOf(config.Store); path != "" {
		dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", path)
		}
		if c, err := dial(ctx, "", ""); err == nil {
			t := &http.Transport{DialContext: dial}
			return &visitor{&http.Client{Transport: t}, func() error { t.CloseIdleConnections(); return nil }, true}, c.Close()
		}
		if _, err := os.Stat(config.Store.Path); err != nil {
			return nil, fmt.Errorf("there is no store at %s: run this where the bot runs, or name its configuration with --config", config.Store.Path)
		}
	}
	log := slog.New(slog.DiscardHandler)
	s, err := stores()[config.Store.Type](ctx, config.Store, log)
	if err != nil {
		return nil, err
	}
	clock := Seams{}.withDefaults(config).Clock
	known := func() *catalog.Catalog { return config.Catalog }
	flow, err := workflow.New(workflow.Config{Store: s, Catalog: known, Clock: clock, Logger: log, Owner: processName()}, workflow.Ports{})
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	o := office{s, flow, clock.Now}
	return &visitor{&http.Client{Transport: inHouse{o.handler()}}, s.Close, false}, nil
}

// ask puts a question and decodes the answer.
func (v *visitor) ask(ctx context.Context, method, path string, query url.Values, out any) error {
	req, err := http.NewRequestWithContext(ctx, method, "http://latchkey"+path+"?"+query.Encode(), nil)
	if err != nil {
		return err
	}
	resp, err := v.client.Do(req)
	if err != nil {
		return fmt.Errorf("the bot that runs here does not answer: %w; try again, or stop it first", err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return fmt.Errorf("the bot that runs here broke off its answer: %w; try again", err)
	}
	if resp.StatusCode != http.StatusOK {
		var t trouble
		if err := json.Unmarshal(raw, &t); err != nil || t.Error == "" {
			return fmt.Errorf("the bot that runs here answered %s: is it of the same version?", resp.Status)
		}
		return errors.New(t.Error)
	}
	return json.Unmarshal(raw, out)
}

// inHouse is a way to a handler of this process.
type inHouse struct{ handler http.Handler }

func (i inHouse) RoundTrip(req *http.Request) (*http.Response, error) {
	w := &noted{header: http.Header{}, status: http.StatusOK}
	i.handler.ServeHTTP(w, req)
	return &http.Response{StatusCode: w.status, Header: w.header, Body: io.NopCloser(&w.body), Request: req}, nil
}

type noted struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (n *noted) Header() http.Header         { return n.header }
func (n *noted) WriteHeader(status int)      { n.status = status }
func (n *noted) Write(b []byte) (int, error) { return n.body.Write(b) }

// whoami is who sits at the terminal, as evidence.
func whoami() string {
	u, err := user.Current()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(u.Username)
}
