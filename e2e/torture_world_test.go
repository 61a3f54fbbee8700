package e2e

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"latchkey/sandbox"
	"latchkey/sandbox/okta"
	"latchkey/sandbox/slack"
)

// The world of a torture runs faster than life, so that waits for a vendor and
// between attempts are short.
const (
	beat  = 100 * time.Millisecond
	haste = 4 * time.Second // of the world's time in each beat
)

// torture is a company whose bot is killed again and again.
type torture struct {
	world *sandbox.World
	where sandbox.Addresses // of the world's services
	bots  []*replica        // those that work side by side
	store string
	dsn   string // of it; "": the store is a file
	keys  string // the folder with the tokens
	exe   string
	log   *os.File
	gates []*http.Server
	cuts  *databaseCuts // what happens to the database; nil: the store is a file
	crowd int           // how many stories go on at once; zero: as many as ever

	ctx     context.Context
	stop    context.CancelFunc
	helpers sync.WaitGroup

	mu         sync.Mutex
	offset     time.Duration
	plan       func(label string) bool // whether the bot dies at this point; nil: it lives
	onBirth    func()                  // before each start of the bot
	most       time.Duration           // of a life; 0: no bound
	hostile    *hostility
	spared     int // who waits for the bot for so long that it is let live
	births     int
	kills      int
	pauses     int
	gaveUp     int // times the bot ended by itself
	faults     int
	disarm     []func()       // what vendors do now
	killed     map[string]int // kills by point
	lifecycles []*lifecycle
	tokens     int
	cast       int
	answers    []string          // what modals told people
	halted     []string          // stories that came to a halt
	accounts   map[string]string // in the directory, by the id in Slack
	groups     map[string]string // ids by the names they had at first
	statuses   map[string]string // names that statuses had at first, by id
	robot      string            // the desk's automation: its account in Jira
}

// replica is a place where one life of the bot follows another. It has gates of its own, by
// which its calls are known.
type replica struct {
	where sandbox.Addresses
	now   *victim
}

// victim is one life of the bot.
type victim struct {
	of     *replica
	cmd    *exec.Cmd
	clock  io.WriteCloser
	life   context.Context // ends with the process
	end    context.CancelFunc
	calls  sync.WaitGroup // its calls under way at the vendors
	doom   bool           // killed on purpose
	paused bool           // stands still
}

func newTorture(t *testing.T, timeout time.Duration) *torture {
	t.Helper()
	return newTortureOf(t, timeout, 1, os.Getenv("TORTURE_STORE") == "postgres")
}

// newTortureOf has several bots, which share a database.
func newTortureOf(t *testing.T, timeout time.Duration, replicas int, database bool) *torture {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	w := &torture{exe: exe, store: filepath.Join(dir, "latchkey.db"), keys: dir, killed: map[string]int{}, accounts: map[string]string{}}
	w.hostile = newHostility(w)
	if database {
		timeout *= 4 // a bot takes longer to begin on a database, and nothing is taken over at once
		w.onDatabase(t)
	}
	at := os.Getenv("TORTURE_LOG") // to keep the bot's log
	if at == "" {
		at = filepath.Join(dir, "bot.log")
	}
	if w.log, err = os.OpenFile(at, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600); err != nil {
		t.Fatal(err)
	}
	w.ctx, w.stop = context.WithTimeout(t.Context(), timeout)
	if err := w.found(replicas); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.close(t) })
	return w
}

// found opens the world and puts a gate before each of its services.
func (w *torture) found(replicas int) error {
	config, err := exampleConfig()
	if err != nil {
		return err
	}
	var groups []string
	for _, g := range config.Catalog.Groups() {
		groups = append(groups, g.Group)
	}
	plenty := map[string]int{}
	for bucket := range okta.DefaultLimits() {
		plenty[bucket] = 1_000_000
	}
	w.world, err = sandbox.Start(sandbox.Config{
		Groups: groups, ITChannel: config.Slack.ITChannel, Channels: config.Catalog.Channels(),
		Slack: slack.Config{AckTimeout: 1500 * time.Millisecond}, Okta: okta.Config{Limits: plenty},
	})
	if err != nil {
		return err
	}
	w.where = w.world.Addresses()
	if err := w.remember(); err != nil {
		return err
	}
	for range replicas {
		if err := w.admit(); err != nil {
			return err
		}
	}
	w.helpers.Go(w.flow)
	return nil
}

// admit makes room for a replica: gates before the world's services.
func (w *torture) admit() error {
	r := &replica{where: w.where}
	for _, s := range []struct {
		name, path string
		inner      http.Handler
		url        *string
	}{
		{"slack", "/api/", w.world.Slack.Handler(), &r.where.SlackAPI},
		{"jira", "", w.world.Jira.Handler(), &r.where.Jira},
		{"okta", "", w.world.Okta.Handler(), &r.where.Okta},
	} {
		at, err := w.openGate(r, w.gate(s.name, s.inner))
		if err != nil {
			return err
		}
		*s.url = at + s.path
	}
	r.where.Directories = slices.Clone(r.where.Directories)
	r.where.Directories[0].URL = r.where.Okta
	w.bots = append(w.bots, r)
	return nil
}

func (w *torture) openGate(r *replica, h http.Handler) (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	srv := &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second, ErrorLog: log.New(io.Discard, "", 0),
		ConnContext: func(ctx context.Context, _ net.Conn) context.Context {
			return context.WithValue(ctx, callerKey{}, w.present(r))
		},
	}
	w.gates = append(w.gates, srv)
	w.helpers.Go(func() { _ = srv.Serve(l) }) // ends with Close
	return "http://" + l.Addr().String(), nil
}

func (w *torture) close(t *testing.T) {
	w.stop()
	for _, g := range w.gates {
		_ = g.Close()
	}
	w.helpers.Wait()
	if err := errors.Join(w.world.Close(), w.log.Close()); err != nil {
		t.Error(err)
	}
}

// flow lets time pass.
func (w *torture) flow() {
	tick := time.NewTicker(beat)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			w.advance(haste - beat)
		case <-w.ctx.Done():
			return
		}
	}
}

// advance moves the time of the world and of the bots.
func (w *torture) advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.offset += d
	w.world.Clock.Advance(d)
	for _, r := range w.bots {
		if r.now != nil {
			_, _ = fmt.Fprintln(r.now.clock, w.offset) // a dead bot needs no time
		}
	}
}

// present is a replica's last life.
func (w *torture) present(r *replica) *victim {
	w.mu.Lock()
	defer w.mu.Unlock()
	return r.now
}

// living is a bot that is alive; nil for none.
func (w *torture) living() *victim {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, r := range w.bots {
		if r.now != nil && r.now.life.Err() == nil {
			return r.now
		}
	}
	return nil
}

// keep starts a replica whenever it has died, until the context ends; then it
// lets the last one end in peace.
func (w *torture) keep(ctx context.Context, r *replica) error {
	for {
		v, err := w.start(r)
		if err != nil {
			return err
		}
		select {
		case <-v.life.Done():
		case <-ctx.Done():
			return w.retire(v)
		}
		w.mu.Lock() // whoever was let in before the end has been counted by now
		w.mu.Unlock()
		v.calls.Wait()
		if w.died(v) > 50 {
			return errors.New("the bot ends by itself again and again")
		}
	}
}

// died counts the lives that nobody took.
func (w *torture) died(v *victim) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !v.doom && w.ctx.Err() == nil { // else everything has come to its end
		w.gaveUp++
	}
	return w.gaveUp
}

func (w *torture) retire(v *victim) error {
	w.resume(v)
	if err := v.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	<-v.life.Done()
	return nil
}

func (w *torture) start(r *replica) (*victim, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.onBirth != nil {
		w.onBirth()
	}
	text, err := json.Marshal(orders{Where: r.where, Store: w.store, DSN: w.dsn, Tokens: w.keys, SearchLag: 2 * time.Second, Offset: w.offset})
	if err != nil {
		return nil, err
	}
	ask, asking, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	answering, answer, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	v := &victim{of: r, cmd: exec.Command(w.exe)}
	if other := w.another(); other != "" {
		v.cmd.Path, v.cmd.Dir = other, filepath.Dir(other)
	}
	v.cmd.Args, v.cmd.Env = []string{victimName}, append(os.Environ(), victimEnv+"="+string(text))
	v.cmd.Stderr, v.cmd.ExtraFiles = w.log, []*os.File{asking, answering}
	if v.clock, err = v.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	v.life, v.end = context.WithCancel(w.ctx)
	if err := errors.Join(v.cmd.Start(), asking.Close(), answering.Close()); err != nil {
		return nil, err
	}
	r.now = v
	w.helpers.Go(func() { w.attend(v, ask, answer) })
	if most := w.most; most > 0 {
		w.helpers.Go(func() { w.age(v, most) })
	}
	return v, nil
}

// another is the bot of another version of Latchkey, every other time, so that both work on one database:
// TORTURE_BESIDE names its e2e.test, in the folder of its own sources.
func (w *torture) another() string {
	w.births++
	if w.births%2 != 0 {
		return ""
	}
	return os.Getenv("TORTURE_BESIDE")
}

// atAnyMoment is the point of a death that is no point: the bot may be at work anywhere
// in itself, or wait for something.
const atAnyMoment = "at any moment"

// age ends a life that has lasted long enough, as soon as nobody waits for it any more.
func (w *torture) age(v *victim, most time.Duration) {
	tick := time.NewTicker(most)
	defer tick.Stop()
	for {
		select {
		case <-v.life.Done():
			return
		case <-tick.C:
			if w.dies(v, atAnyMoment) {
				return
			}
		}
	}
}

// attend answers the victim's question whether to go on, and buries it.
func (w *torture) attend(v *victim, ask, answer *os.File) {
	stop := context.AfterFunc(w.ctx, func() { _ = v.cmd.Process.Kill() })
	defer stop()
	lines := bufio.NewScanner(ask)
	for lines.Scan() {
		if w.dies(v, lines.Text()) {
			continue
		}
		if _, err := answer.Write([]byte{'.'}); err != nil {
			break
		}
	}
	_ = v.cmd.Wait() // being killed is no error here
	_ = ask.Close()
	_ = answer.Close()
	if len(w.bots) == 1 {
		w.world.Slack.DropSockets()
	}
	v.end()
}

// dies tells whether the victim is dead, after this point if it was not before.
func (w *torture) dies(v *victim, label string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if v != v.of.now || v.doom {
		return true
	}
	if w.plan == nil || w.spared > 0 || !w.plan(label) {
		return false
	}
	v.doom = true
	w.kills++
	w.killed[label]++
	w.hostile.kill()
	fmt.Fprintf(w.log, "---- killed %s\n", label)
	_ = v.cmd.Process.Kill() // it may just have ended by itself
	return true
}

// alive waits for a bot that is connected and returns its life. Where there are several,
// nobody knows which of them is going to answer, and it is the life of them all.
func (w *torture) alive() (context.Context, error) {
	var v *victim
	err := w.until("a bot that is connected", func() error {
		if v = w.living(); v == nil || v.life.Err() != nil || w.world.Slack.Connections() == 0 {
			return errors.New("there is none")
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(w.bots) > 1 {
		return w.ctx, nil
	}
	return v.life, nil
}

// mercy is after how long somebody who waits gets a bot that is let live. The more
// there is to do at once, the less of it is done in a life of a few moments: a bot
// that is killed again and again may bring nothing to its end, and that is not its
// fault.
const mercy = 10 * time.Second

// until waits for something to be seen in the world.
func (w *torture) until(what string, ok func() error) error {
	ctx, cancel := context.WithTimeout(w.ctx, time.Minute)
	defer cancel()
	defer w.waiting()()
	if err := w.world.Eventually(ctx, ok); err != nil {
		return fmt.Errorf("%s was not seen: %w", what, err)
	}
	return nil
}

// waiting is for somebody who waits, until they have seen enough: after a while they
// get a bot that is let live.
func (w *torture) waiting() (enough func()) {
	begged := time.AfterFunc(mercy, func() { w.spare(1) })
	return func() {
		if !begged.Stop() {
			w.spare(-1)
		}
	}
}

// spare counts those for whose sake the bot is let live.
func (w *torture) spare(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.spared += n
}
