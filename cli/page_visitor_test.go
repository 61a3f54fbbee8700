package cli

import (
	"context"
	"fmt"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"latchkey/sandbox"
	"latchkey/sandbox/harness"
	"latchkey/sandbox/page/browser"
	"latchkey/sandbox/site"
)

// patience is how long a page may take for what people wait for.
const patience = 40 * time.Second

// aMonth is how long it may take until a month has passed, day by day, with all that happens on each: some seconds, but many with
// the race detector on a busy machine.
const aMonth = 4 * time.Minute

// visitor uses the demo's page in a browser, as people do.
type visitor struct {
	t testing.TB
	*browser.Tab
	browser *browser.Browser
	tell    *harness.Harness
	at      string
}

// visiting opens the page of a demo of its own.
func visiting(t *testing.T) *visitor {
	t.Helper()
	return visit(t, nil, guided())
}

// visit is visiting where there are more people, or another tour.
func visit(t testing.TB, people []sandbox.Person, tour []site.Step) *visitor {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 3*aMonth)
	v := &visitor{t: t}
	ready, done := make(chan struct{}), make(chan error, 1)
	go func() {
		d := demo{config: exampleConfig(t), out: io.Discard, log: io.Discard, steps: tour, people: people}
		done <- d.withBot(ctx, func(ctx context.Context, h *harness.Harness, bot *demoBot) error {
			served := httptest.NewServer(d.page(ctx, h, bot))
			v.at, v.tell = served.URL, h
			close(ready)
			<-ctx.Done()
			served.CloseClientConnections()
			served.Close()
			return nil
		})
	}()
	select {
	case <-ready:
	case err := <-done:
		cancel()
		t.Fatal(err)
	}
	b, err := browser.Start(ctx)
	t.Cleanup(func() {
		if b != nil {
			err = b.Close()
		}
		cancel()
		if ended := <-done; err != nil || ended != nil {
			t.Errorf("the browser: %v, the demo: %v", err, ended)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	v.browser = b
	return v.tab("/")
}

// tab opens the page once more, at an address in it.
func (v *visitor) tab(path string) *visitor {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.t.Context(), patience)
	defer cancel()
	own := *v
	var err error
	if own.Tab, err = v.browser.Open(ctx, v.at+path, browser.Screen{Width: 1280, Height: 800}); err != nil {
		v.t.Fatal(err)
	}
	own.sees("document.documentElement.dataset.drawn && document.querySelector('.state.up')")
	return &own
}

// do fails the test at once if something can't be done.
func (v *visitor) do(what string, act func(context.Context) error) {
	v.t.Helper()
	v.doWithin(patience, what, act)
}

func (v *visitor) doWithin(most time.Duration, what string, act func(context.Context) error) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.t.Context(), most)
	defer cancel()
	if err := act(ctx); err != nil {
		var page string
		_ = v.Ask(context.WithoutCancel(ctx), "document.querySelector('.slack').innerText.slice(0, 3000)", &page) // what there is says more
		v.t.Fatalf("%s: %v; the page reads:\n%s", what, err, page)
	}
}

func (v *visitor) press(selector string) {
	v.t.Helper()
	v.do("press "+selector, func(ctx context.Context) error { return v.Press(ctx, selector) })
}

func (v *visitor) types(text string) {
	v.t.Helper()
	v.do("type "+text, func(ctx context.Context) error { return v.Type(ctx, text) })
}

func (v *visitor) key(name string) {
	v.t.Helper()
	v.do("key "+name, func(ctx context.Context) error { return v.Key(ctx, name) })
}

func (v *visitor) sees(expression string) {
	v.t.Helper()
	v.do("see "+expression, func(ctx context.Context) error { return v.Until(ctx, expression) })
}

// reads waits until a part of the page reads so; with "!" before the words until it doesn't any more.
func (v *visitor) reads(selector, words string) {
	v.t.Helper()
	not, words := strings.HasPrefix(words, "!"), strings.TrimPrefix(words, "!")
	v.sees(fmt.Sprintf("[...document.querySelectorAll(%q)].some((e) => e.checkVisibility() && e.textContent.includes(%q)) !== %v", selector, words, not))
}

// be becomes somebody else.
func (v *visitor) be(name string) {
	v.t.Helper()
	v.press(fmt.Sprintf(".person[href*='as=%s']", name))
	v.sees(fmt.Sprintf("document.querySelector('.person[aria-current]').getAttribute('href').includes('as=%s')", name))
}

// chooses takes an option of a menu in the form, by how it begins.
func (v *visitor) chooses(option string) {
	v.t.Helper()
	v.sees(fmt.Sprintf(`(() => { const begins = (o) => o.text.startsWith(%q), s = [...document.querySelectorAll("#modal-blocks select")].find((s) => [...s.options].some(begins)); s.focus(); s.value = [...s.options].find(begins).value; s.dispatchEvent(new Event("change", {bubbles: true})); return true; })()`, option))
}

// command types a line where messages are written.
func (v *visitor) command(line string) {
	v.t.Helper()
	v.press("#composer input")
	v.sees("document.querySelector('#composer input').select() ?? true") // what was refused is still there
	v.types(line)
	v.key("Enter")
}

// goesOn presses the button of a form that leads on.
func (v *visitor) goesOn(to string) {
	v.t.Helper()
	v.press("[data-submit]")
	v.reads("#modal-blocks", to)
}

// asks asks for Figma, as the person who is shown.
func (v *visitor) asks(reason string) {
	v.t.Helper()
	v.asksFor(wanted{typed: "fig", app: "Figma", role: "Editor", time: "6 hours"}, reason)
}

// wanted is what is asked for, as a form shows it.
type wanted struct{ typed, app, role, time string }

func (v *visitor) asksFor(w wanted, reason string) {
	v.t.Helper()
	v.command("/access")
	v.press("#modal[open] .search input")
	v.types(w.typed)
	v.sees(fmt.Sprintf("document.querySelector('[role=option] span').textContent === %q", w.app)) // not the list before it
	v.key("Enter")
	v.goesOn("Role")
	v.chooses(w.role)
	v.goesOn("For how long")
	v.chooses(w.time)
	v.press("#modal-blocks textarea")
	v.types(reason)
	v.press("[data-submit]")
	v.reads("#modal", "Asked")
	v.key("Escape")
	v.sees("!document.querySelector('#modal[open]')")
}

// until moves the clock to something that stands in the calendar.
func (v *visitor) until(what string) {
	v.t.Helper()
	v.press(".time summary")
	v.press(fmt.Sprintf("#calendar [data-key*=%q] button", what))
	v.stands()
}

// stands waits until the clock stands.
func (v *visitor) stands() {
	v.t.Helper()
	v.doWithin(aMonth, "wait until the clock stands", func(ctx context.Context) error {
		return v.Until(ctx, "!('moving' in document.body.dataset) && !Number(document.documentElement.dataset.busy)")
	})
}

// sound looks for what keeps people from using the page.
func (v *visitor) sound(where string) {
	v.t.Helper()
	v.do("look at "+where, func(ctx context.Context) error {
		faults, err := v.Faults(ctx)
		for _, f := range faults {
			v.t.Errorf("%s: %s", where, f)
		}
		return err
	})
}
