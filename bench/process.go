package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// clockTick is the unit of the processor times in /proc (proc(5), sysconf
// _SC_CLK_TCK), which is 100 on every Linux Go runs on.
const clockTick = 10 * time.Millisecond

// process is a child: the house or a peer.
type process struct {
	cmd     *exec.Cmd
	started time.Time
	errs    *tail
	lines   chan string // of standard output
	ended   chan struct{}
}

// spawn starts a command. Its standard output is read line by line.
func spawn(env []string, name string, args ...string) (*process, error) {
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), env...)
	p := &process{cmd: cmd, errs: &tail{}, lines: make(chan string, 1024), ended: make(chan struct{})}
	cmd.Stderr = p.errs
	cmd.Stdout = &lineWriter{to: p.lines}
	p.started = time.Now()
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	go func() {
		_ = cmd.Wait() // it is killed as a rule
		close(p.ended)
	}()
	return p, nil
}

// kill ends the process the hard way and waits for its end.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended by itself
	<-p.ended
}

// terminate asks the process to end, and waits.
func (p *process) terminate(within time.Duration) error {
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		return err
	}
	select {
	case <-p.ended:
		return nil
	case <-time.After(within):
		p.kill()
		return fmt.Errorf("it did not end within %v", within)
	}
}

// gone is an error once the process has ended.
func (p *process) gone() error {
	select {
	case <-p.ended:
		return fmt.Errorf("%s ended: %s", filepath.Base(p.cmd.Path), p.errs)
	default:
		return nil
	}
}

// expect waits for a line of the process that begins with word and returns the rest.
func (p *process) expect(word string, within time.Duration) (string, error) {
	timeout := time.After(within)
	for {
		select {
		case line := <-p.lines:
			if rest, ok := strings.CutPrefix(line, word); ok {
				return strings.TrimSpace(rest), nil
			}
		case <-p.ended:
			return "", p.gone()
		case <-timeout:
			return "", fmt.Errorf("no %q within %v: %s", word, within, p.errs)
		}
	}
}

// cpu is the processor time the process has used.
func (p *process) cpu() time.Duration {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(raw), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseInt(fields[11], 10, 64)
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * clockTick
}

// anonymous is the memory of the process that is not a mapped file, in
// megabytes; resident includes mapped files.
func (p *process) anonymous() float64 { return p.memory("RssAnon") }
func (p *process) resident() float64  { return p.memory("VmRSS") }

func (p *process) memory(name string) float64 {
	kb, _ := strconv.ParseFloat(strings.TrimSuffix(field(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid), name, ""), " kB"), 64)
	return kb / 1024
}

// tail keeps the last of what a process complains about.
type tail struct {
	mu sync.Mutex
	b  []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b = append(t.b, p...)
	t.b = t.b[max(0, len(t.b)-4096):]
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(string(t.b))
}

// lineWriter cuts what is written to it into lines. Lines nobody takes are dropped.
type lineWriter struct {
	to   chan string
	rest []byte
}

func (w *lineWriter) Write(p []byte) (int, error) {
	w.rest = append(w.rest, p...)
	for {
		i := bytes.IndexByte(w.rest, '\n')
		if i < 0 {
			return len(p), nil
		}
		select {
		case w.to <- string(w.rest[:i]):
		default:
		}
		w.rest = w.rest[i+1:]
	}
}
