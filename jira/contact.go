package jira

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"latchkey/access"
)

// indexPatience is how long the first contact waits for an issue to be found.
const indexPatience = time.Minute

// FirstContact opens a throw-away issue in Latchkey's own name, walks it through
// the workflow, and tells how this site behaves where Atlassian's documentation
// leaves it open. The issue is left in its last status with a comment that says
// what it is. Finding.Level is Fault where Latchkey could not live with it.
func (c *Client) FirstContact(ctx context.Context) []Finding {
	s, err := c.site(ctx)
	if err != nil {
		return []Finding{{"first contact", Fault, access.Classify(err).Sentence}}
	}
	t := &contact{c: c, s: s}
	if !t.open(ctx) {
		return t.out
	}
	for _, look := range []func(context.Context){t.unknownField, t.property, t.internalComment, t.index, t.walk, t.closedProperty} {
		look(ctx)
	}
	return t.out
}

// contact is one run.
type contact struct {
	c   *Client
	s   *site
	is  made
	out []Finding
}

func (t *contact) say(check string, level Level, format string, args ...any) {
	t.out = append(t.out, Finding{check, level, fmt.Sprintf(format, args...)})
}

func (t *contact) failed(check string, err error) bool {
	if err != nil {
		t.say(check, Fault, "%s", access.Classify(err).Sentence)
	}
	return err != nil
}

// values fill in the form so that everybody sees what the issue is.
func (t *contact) values() map[string]any {
	cs := access.Case{Request: access.Request{ID: "FIRST-CONTACT", App: "first contact", Role: "test"}}
	text := newDoc(paragraph(plain("A test issue of latchkey check --first-contact. No access is asked for or given; it may be deleted.")))
	return t.s.form.values(cs, text)
}

// open makes the issue and tells where Jira says that it is.
func (t *contact) open(ctx context.Context) bool {
	body, err := t.create(ctx, t.values())
	if t.failed("create", err) {
		return false
	}
	if t.is = readMade(body); t.is.key == "" {
		t.say("create", Fault, "the answer to the create names no issueKey")
		return false
	}
	t.say("create", Good, "%s was opened in the status %q", t.is.key, t.is.status)
	var links struct {
		Links struct{ Web, JiraRest string } `json:"_links"`
	}
	if err := json.Unmarshal(body, &links); err == nil {
		t.say("links", Good, "the portal's link points to %s, the API's to %s", hostOf(links.Links.Web), hostOf(links.Links.JiraRest))
	}
	return true
}

func (t *contact) create(ctx context.Context, values map[string]any) ([]byte, error) {
	return t.c.do(ctx, call{method: http.MethodPost, path: "rest/servicedeskapi/request", visible: true, what: "open a test issue",
		in: map[string]any{"serviceDeskId": t.s.desk, "requestTypeId": t.s.form.requestType, "requestFieldValues": values, "isAdfRequest": true}})
}

func hostOf(link string) string {
	if u, err := url.Parse(link); err == nil && u.Host != "" {
		return u.Host
	}
	return "nowhere"
}

// unknownField asks for a field that is not on the form.
func (t *contact) unknownField(ctx context.Context) {
	values := t.values()
	values["customfield_999999"] = "x"
	body, err := t.create(ctx, values)
	if err != nil {
		t.say("unknown field", Good, "a field that is not on the form is refused: %s", access.Classify(err).Sentence)
		return
	}
	t.say("unknown field", Note, "a field that is not on the form is ignored, and %s was opened; it may be deleted", readMade(body).key)
}

// property tells whether writing a property counts as an update.
func (t *contact) property(ctx context.Context) {
	before, err := t.updated(ctx)
	if err == nil {
		err = t.c.putRecord(ctx, t.is.id, access.IssueRecord{State: "first contact"})
	}
	after, again := t.updated(ctx)
	if t.failed("property", err) || t.failed("property", again) {
		return
	}
	verb := "does not count"
	if before != after {
		verb = "counts"
	}
	t.say("property", Good, "writing a property %s as an update of the issue", verb)
}

func (t *contact) updated(ctx context.Context) (string, error) {
	var answer struct{ Fields struct{ Updated string } }
	err := t.c.ask(ctx, get("read the issue", issuePath(t.is.id), url.Values{"fields": {"updated"}}), &answer)
	return answer.Fields.Updated, err
}

// internalComment tells whether evidence is hidden from customers.
func (t *contact) internalComment(ctx context.Context) {
	body := map[string]any{
		"body":       newDoc(paragraph(plain("Internal: written by latchkey check --first-contact."))),
		"properties": []property{{visibleProperty, map[string]bool{"internal": true}}},
	}
	if t.failed("internal comment", t.c.addComment(ctx, t.is.id, body)) {
		return
	}
	public, n := false, 0
	err := t.c.eachComment(ctx, t.is.id, func(m remark) {
		n++
		public = public || m.Public == nil || *m.Public
	})
	switch {
	case t.failed("internal comment", err):
	case n == 0 || public:
		t.say("internal comment", Fault, "a comment marked as internal is shown to customers: evidence would be too. Ask Atlassian why the property %s has no effect here", visibleProperty)
	default:
		t.say("internal comment", Good, "a comment marked as internal is hidden from customers")
	}
}

// index tells how far the search lags behind.
func (t *contact) index(ctx context.Context) {
	began := t.c.cfg.Now()
	for pause := 100 * time.Millisecond; ; pause = min(2*pause, 5*time.Second) {
		hits, err := t.c.search(ctx, fmt.Sprintf("project = %s AND summary ~ %s ORDER BY key DESC", quoted(t.s.project), quoted(quoted("FIRST-CONTACT"))), 50)
		if t.failed("search", err) {
			return
		}
		took := t.c.cfg.Now().Sub(began).Round(100 * time.Millisecond)
		if slices.ContainsFunc(hits, func(h hit) bool { return h.ID == t.is.id }) {
			t.say("search", Good, "the issue was found after %s", took)
			return
		}
		if took > indexPatience || t.c.rest(ctx, pause) != nil {
			t.say("search", Note, "the issue was not found within %s: set jira.settle to more than the time it takes", took)
			return
		}
	}
}

// walk goes through the life of a request and tells what is offered on the way.
func (t *contact) walk(ctx context.Context) {
	at := ""
	for _, key := range []string{Pending, Approved, Stuck, Granted, Closed} {
		w := &walk{c: t.c, s: t.s, issue: t.is.id, key: key, target: t.s.statuses[key], at: at}
		err := w.look(ctx)
		if err == nil {
			_, err = w.run(ctx, load{})
		}
		if t.failed("workflow", err) {
			return
		}
		at = w.at
		offered, err := t.c.offers(ctx, t.is.id)
		if t.failed("workflow", err) {
			return
		}
		t.c.flow.learn(at, offered)
		t.say("workflow", Good, "in %s Jira offers %s", w.target.Name, orElse(nameWays(offered), "no way on"))
	}
}

func nameWays(offered []transition) string {
	var all []string
	for _, o := range offered {
		all = append(all, fmt.Sprintf("%q to %s", o.Name, o.To.Name))
	}
	return strings.Join(all, ", ")
}

// closedProperty tells whether a closed issue can still be told something.
func (t *contact) closedProperty(ctx context.Context) {
	err := t.c.putRecord(ctx, t.is.id, access.IssueRecord{State: "first contact, closed"})
	if err != nil {
		t.say("closed issue", Fault, "a closed issue takes no property: remove jira.issue.editable=false from the closed status (%s)", access.Classify(err).Sentence)
	} else {
		t.say("closed issue", Good, "a closed issue still takes a property")
	}
	last := map[string]any{"body": newDoc(paragraph(plain("This was a test by latchkey check --first-contact; the issue may be deleted.")))}
	t.failed("closed issue", t.c.addComment(ctx, t.is.id, last))
}
