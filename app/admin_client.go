package app

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
	"strings"

	"latchkey/bot/messenger"
	"latchkey/clock"
	"latchkey/config"
	"latchkey/evidence"
	"latchkey/evidence/note"
	"latchkey/store"
	"latchkey/workflow"
	"latchkey/workflow/anchor"
	"latchkey/workflow/people"
)

// AdminClient asks the bot that runs here, or the store if none does.
type AdminClient struct {
	client  *http.Client
	close   func() error
	running bool
	copy    func(context.Context, io.Writer) error // the whole store, as one archive
	direct  *adminServer                           // on the same store; nil where the bot answers
}

// OpenAdmin finds who answers: the running bot, or a server of the command's own
// on the same store. Close the client.
func OpenAdmin(ctx context.Context, c *config.Config) (*AdminClient, error) {
	return openAdminClient(ctx, c, false)
}

// OpenAuditor is OpenAdmin for commands that also ask those outside who know the log.
func OpenAuditor(ctx context.Context, c *config.Config) (*AdminClient, error) {
	return openAdminClient(ctx, c, true)
}

func openAdminClient(ctx context.Context, c *config.Config, asks bool) (*AdminClient, error) {
	if client := askBot(ctx, c); client != nil {
		return client, nil
	}
	if err := storeThere(c); err != nil {
		return nil, err
	}
	log := slog.New(slog.DiscardHandler)
	s, err := backends().openStore(ctx, c.Store, log)
	if errors.Is(err, store.ErrInUse) {
		if client := askBot(ctx, c); client != nil { // it has come up meanwhile
			return client, nil
		}
		return nil, fmt.Errorf("Latchkey is starting, or another command is at work on %s: ask again in a moment", storeFile(c))
	}
	if err == nil {
		if err = refusePart(ctx, s); err != nil {
			err = errors.Join(err, s.Close())
		}
	}
	if err != nil {
		return nil, err
	}
	clock, outside, blind := clock.System{}, workflow.Ports{}, ""
	if asks {
		outside.Anchors, blind = auditPlaces(ctx, c)
	}
	keys := note.Load(keySource(c), clock.Now)
	flow, err := workflow.New(workflow.Config{
		Store: s, Catalog: catalogOf(c), Clock: clock, Logger: log, Owner: processName(), Trust: func() note.Trust { return keys.Trust }, Version: buildVersion(),
	}, outside)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	server := adminServer{store: s, workflow: flow, now: clock.Now, blind: blind, seal: sealOf(keys)}
	copied := func(ctx context.Context, w io.Writer) error { return archive(ctx, s, w, clock.Now()) }
	return &AdminClient{&http.Client{Transport: inHouse{server.handler()}}, s.Close, false, copied, &server}, nil
}

// auditPlaces are where a command asks what is anchored, or why it can't.
func auditPlaces(ctx context.Context, c *config.Config) (anchor.Places, string) {
	if err := c.RequireSecrets(); err != nil {
		return anchor.Places{Files: anchorFiles(c), Witnesses: witnesses(c)}, "Jira and Slack can't be asked: " + err.Error() + "."
	}
	log := slog.New(slog.DiscardHandler)
	s, err := connect(ctx, c, environment{backends: backends(), started: true, metrics: newMetrics(), clock: clock.System{}, log: log})
	if err != nil {
		return anchor.Places{Files: anchorFiles(c), Witnesses: witnesses(c)}, "Jira and Slack can't be asked: " + err.Error() + "."
	}
	telling := messengerConfig(c)
	telling.API, telling.Logger = s.slack, log
	return anchorPlaces(c, s, messenger.New(telling)), ""
}

// askBot is a client of the bot that runs here; nil if none answers.
func askBot(ctx context.Context, c *config.Config) *AdminClient {
	path := adminSocket(c)
	if path == "" {
		return nil
	}
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", path)
	}
	conn, err := dial(ctx, "", "")
	if err != nil {
		return nil
	}
	_ = conn.Close() // it was only to see whether somebody is there
	t := &http.Transport{DialContext: dial}
	client := &http.Client{Transport: t}
	copied := func(ctx context.Context, w io.Writer) error { return fetchArchive(ctx, client, w) }
	return &AdminClient{client, func() error { t.CloseIdleConnections(); return nil }, true, copied, nil}
}

// stream has something sent as it is written: whatever it comes to, it is never held as a whole.
func (c *AdminClient) stream(ctx context.Context, path string, asked url.Values, w io.Writer) error {
	path += "?" + asked.Encode()
	if c.direct == nil {
		return fetch(ctx, c.client, path, w)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://latchkey"+path, nil)
	if err != nil {
		return err
	}
	return c.direct.streams().byPath()[r.URL.Path](r, w)
}

// Close lets go of the bot or the store.
func (c *AdminClient) Close() error { return c.close() }

// Running reports whether the bot answers.
func (c *AdminClient) Running() bool { return c.running }

// Stuck lists what waits for a human.
func (c *AdminClient) Stuck(ctx context.Context) (list []Stuck, err error) {
	err = c.ask(ctx, http.MethodGet, "/stuck", nil, &list)
	return list, err
}

// Retry has stuck work tried again for the person at the terminal.
func (c *AdminClient) Retry(ctx context.Context, id, by string) (w Stuck, err error) {
	err = c.ask(ctx, http.MethodPost, "/stuck/retry", url.Values{"id": {id}, "by": {by}}, &w)
	return w, err
}

// RetryAll has everything tried again that is stuck, for the person at the terminal.
func (c *AdminClient) RetryAll(ctx context.Context, by string) (all []Retried, err error) {
	err = c.ask(ctx, http.MethodPost, "/stuck/retry-all", url.Values{"by": {by}}, &all)
	return all, err
}

// SayWho tells who somebody is: "same" or "other", of a person who came back, or
// another word of latchkey people, with what it says of them. It gives what people
// call them.
func (c *AdminClient) SayWho(ctx context.Context, word, person, account, by string) (name string, err error) {
	err = c.ask(ctx, http.MethodPost, "/people", url.Values{"word": {word}, "person": {person}, "account": {account}, "by": {by}}, &name)
	return name, err
}

// AccountReport is what is known of somebody's accounts.
type AccountReport = people.AccountReport

// AccountReport tells what is known of somebody's accounts.
func (c *AdminClient) AccountReport(ctx context.Context, person string) (d AccountReport, err error) {
	err = c.ask(ctx, http.MethodGet, "/people", url.Values{"person": {person}}, &d)
	return d, err
}

// Report gives the figures of a week; "" is the present one.
func (c *AdminClient) Report(ctx context.Context, week string) (r WeeklyReport, err error) {
	err = c.ask(ctx, http.MethodGet, "/report", url.Values{"week": {week}}, &r)
	return r, err
}

// Log tells how the log is called.
func (c *AdminClient) Log(ctx context.Context) (l SignedLog, err error) {
	err = c.ask(ctx, http.MethodGet, "/evidence/log", nil, &l)
	return l, err
}

// NewKey has the running bot take up the signing key that is there now; false where
// none runs.
func (c *AdminClient) NewKey(ctx context.Context) (taken bool, err error) {
	err = c.ask(ctx, http.MethodPost, "/evidence/key", nil, &taken)
	return taken, err
}

// Verify checks the log, by itself if local and otherwise beside what is anchored of
// it.
func (c *AdminClient) Verify(ctx context.Context, local bool) (v evidence.Verification, err error) {
	asked := url.Values{}
	if local {
		asked.Set("local", "yes")
	}
	err = c.ask(ctx, http.MethodGet, "/evidence/verify", asked, &v)
	return v, err
}

// Checkpoint gives the newest signed head of the log. With post, a note of it is
// posted outside at once.
func (c *AdminClient) Checkpoint(ctx context.Context, post bool) (h Head, err error) {
	method := http.MethodGet
	if post {
		method = http.MethodPost
	}
	err = c.ask(ctx, method, "/evidence/checkpoint", nil, &h)
	return h, err
}

// Trace tells one person's access to one app.
func (c *AdminClient) Trace(ctx context.Context, person, app string) (t evidence.Trace, err error) {
	err = c.ask(ctx, http.MethodGet, "/evidence/trace", url.Values{"person": {person}, "app": {app}}, &t)
	return t, err
}

// ask puts a question and decodes the answer.
func (c *AdminClient) ask(ctx context.Context, method, path string, query url.Values, out any) error {
	req, err := http.NewRequestWithContext(ctx, method, "http://latchkey"+path+"?"+query.Encode(), nil)
	if err != nil {
		return err
	}
	return c.send(req, out)
}

// post is ask for a question that is too long for an address.
func (c *AdminClient) post(ctx context.Context, path string, form url.Values, out any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://latchkey"+path, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return c.send(req, out)
}

// send decodes the answer.
func (c *AdminClient) send(req *http.Request, out any) error {
	resp, err := c.client.Do(req)
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
