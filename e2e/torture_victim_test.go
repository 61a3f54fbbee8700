package e2e

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"latchkey/access"
	"latchkey/app"
	"latchkey/bot/socket"
	"latchkey/config"
	"latchkey/sandbox"
	"latchkey/store"
)

// The victim is the bot in a process of its own: this test binary, called by
// another name. Its standard input tells it the time of the world, and it asks on
// a pipe, at every point where it could die, whether it may go on.
const (
	victimName = "latchkey-victim"
	victimEnv  = "LATCHKEY_VICTIM"

	askFD    = 3 // the victim writes where it is, one line each
	answerFD = 4 // and reads one byte before it goes on
)

// orders are what a victim is started with.
type orders struct {
	Where     sandbox.Addresses
	Store     string
	DSN       string // of the database that the store is in; "": it is a file
	Tokens    string // the folder with a file for each token
	SearchLag time.Duration
	Offset    time.Duration // of the world's clock
}

// beVictim runs the bot until it is killed or told to end.
func beVictim() int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	var o orders
	err := json.Unmarshal([]byte(os.Getenv(victimEnv)), &o)
	if err == nil {
		err = o.carryOut(ctx)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "victim:", err)
		return 1
	}
	return 0
}

// config is the example, with tokens that are read from files, in the world.
func (o orders) config() (*config.Config, error) {
	text, err := os.ReadFile(exampleFile)
	if err != nil {
		return nil, err
	}
	said, err := config.Parse(exampleFile, []byte(inFiles(string(text), o.Tokens)), func(string) (string, bool) { return "", false }, app.Backends())
	if err != nil {
		return nil, err
	}
	there := app.Sandboxed(*said, o.Where, o.Store)
	if o.DSN != "" {
		there.Store = onDatabase(there, o.DSN)
	}
	takeTokens(there, said)
	there.Jira.SearchLag = o.SearchLag
	return there, nil
}

func (o orders) carryOut(ctx context.Context) error {
	config, err := o.config()
	if err != nil {
		return err
	}
	clock := sandbox.NewClock()
	clock.Advance(o.Offset)
	go follow(clock, o.Offset)
	line := &lifeline{ask: os.NewFile(askFD, "ask"), answer: bufio.NewReader(os.NewFile(answerFD, "answer"))}
	return app.Serve(ctx, config, app.Hooks{
		Clock: clock, Together: together, Logger: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Store:   func(s store.Store) store.Store { return tracedStore{s, line} },
		Handler: func(h socket.Handler) socket.Handler { return tracedHandler(h, line) },
	})
}

// follow keeps the victim's clock with the world's. A victim without a world
// has no reason to live.
func follow(clock *sandbox.Clock, at time.Duration) {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		to, err := time.ParseDuration(lines.Text())
		if err != nil {
			break
		}
		clock.Advance(to - at)
		at = to
	}
	os.Exit(1)
}

// lifeline asks the harness, at one point after the other, whether to go on.
type lifeline struct {
	mu     sync.Mutex
	ask    io.Writer
	answer *bufio.Reader
}

// point returns if the victim may live on.
func (l *lifeline) point(label string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, err := io.WriteString(l.ask, label+"\n")
	if err == nil {
		_, err = l.answer.ReadByte()
	}
	if err != nil {
		os.Exit(1)
	}
}

// tracedStore has a point before and after every commit.
type tracedStore struct {
	store.Store
	line *lifeline
}

func (s tracedStore) Update(ctx context.Context, fn func(store.Tx) error) error {
	var seen *tracedTx
	var label string
	err := s.Store.Update(ctx, func(tx store.Tx) error {
		seen = &tracedTx{Tx: tx}
		if err := fn(seen); err != nil {
			return err
		}
		if label = seen.label(); label != "" {
			s.line.point("before " + label)
		}
		return nil
	})
	if err == nil && label != "" {
		s.line.point("after " + label)
	}
	return err
}

// Sealed implements store.Sealer, where the store does.
func (s tracedStore) Sealed(ctx context.Context) error {
	if later, ok := s.Store.(store.Sealer); ok {
		return later.Sealed(ctx)
	}
	return nil
}

// Present implements store.Attended, where the store does.
func (s tracedStore) Present(owner string) {
	if shared, ok := s.Store.(store.Attended); ok {
		shared.Present(owner)
	}
}

// Attendance implements store.Attended.
func (s tracedStore) Attendance() (place, of int) {
	if shared, ok := s.Store.(store.Attended); ok {
		return shared.Attendance()
	}
	return 0, 1
}

// tracedTx notes what a transaction is about.
type tracedTx struct {
	store.Tx
	did  []string
	kept []string // kinds of records
}

func (t *tracedTx) note(what string) { t.did = append(t.did, what) }

// label names the commit by what was done, else by what was kept; one that
// changes nothing has none.
func (t *tracedTx) label() string {
	about := t.did
	if len(about) == 0 {
		about = t.kept
	}
	if len(about) == 0 {
		return ""
	}
	slices.Sort(about)
	return "commit of " + strings.Join(slices.Compact(about), " + ")
}

func (t *tracedTx) Append(entry access.Entry, about store.About) (access.Entry, error) {
	e, err := entry.Event()
	t.note(string(e.Kind))
	kept, failed := t.Tx.Append(entry, about)
	return kept, errors.Join(err, failed)
}

func (t *tracedTx) Put(r store.Record) (uint64, error) {
	t.kept = append(t.kept, r.Kind)
	return t.Tx.Put(r)
}

func (t *tracedTx) Claim(c store.Claim) ([]store.Task, error) {
	tasks, err := t.Tx.Claim(c)
	for _, task := range tasks {
		t.note("claim " + task.Kind)
	}
	return tasks, err
}

func (t *tracedTx) Requeue(task store.Task) error {
	t.note("requeue " + task.Kind)
	return t.Tx.Requeue(task)
}

func (t *tracedTx) Done(id, owner string) error {
	kind, _, _ := strings.Cut(id, "/")
	t.note("done " + kind)
	return t.Tx.Done(id, owner)
}

// tracedHandler has a point between what an envelope asks for and its ack.
func tracedHandler(h socket.Handler, line *lifeline) socket.Handler {
	return socket.HandlerFunc(func(ctx context.Context, e socket.Envelope) ([]byte, error) {
		label := envelopeLabel(e)
		line.point("before handling " + label)
		answer, err := h.Handle(ctx, e)
		line.point("before the ack of " + label)
		return answer, err
	})
}

func envelopeLabel(e socket.Envelope) string {
	var p struct {
		Type string
		View struct {
			CallbackID string `json:"callback_id"`
		}
		Actions []struct {
			ActionID string `json:"action_id"`
		}
	}
	if err := json.Unmarshal(e.Payload, &p); err != nil {
		return errors.Join(errors.New(e.Type), err).Error()
	}
	words := []string{e.Type, p.Type, p.View.CallbackID}
	for _, a := range p.Actions {
		words = append(words, a.ActionID)
	}
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " ")
}
