package ask

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"
)

// screen is what somebody sees of a terminal, and their keyboard.
type screen struct {
	*testing.T
	master, slave *os.File
	mu            sync.Mutex
	seen          bytes.Buffer
	more          chan struct{}
}

func newScreen(t *testing.T) *screen {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	slave, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	s := &screen{T: t, master: master, slave: slave, more: make(chan struct{}, 1)}
	ended := make(chan struct{})
	go s.watch(ended)
	t.Cleanup(func() {
		_ = slave.Close() // then reading the other side fails
		<-ended
		_ = master.Close()
	})
	return s
}

func (s *screen) watch(ended chan struct{}) {
	defer close(ended)
	b := make([]byte, 4096)
	for {
		n, err := s.master.Read(b)
		s.mu.Lock()
		s.seen.Write(b[:n])
		s.mu.Unlock()
		select {
		case s.more <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

func (s *screen) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen.String()
}

// answer types a line as soon as a question stands there.
func (s *screen) answer(question, line string) {
	for !strings.Contains(s.text(), question) {
		<-s.more
	}
	s.paste(line)
}

func (s *screen) paste(line string) {
	if _, err := s.master.WriteString(line + "\n"); err != nil {
		s.Error(err)
	}
}

// arrived waits until a line could be read.
func (s *screen) arrived() {
	s.Helper()
	if _, err := unix.Poll([]unix.PollFd{{Fd: int32(s.slave.Fd()), Events: unix.POLLIN}}, -1); err != nil {
		s.Fatal(err)
	}
}

func (s *screen) echoes() bool {
	s.Helper()
	as, err := unix.IoctlGetTermios(int(s.slave.Fd()), unix.TCGETS)
	if err != nil {
		s.Fatal(err)
	}
	return as.Lflag&unix.ECHO != 0
}

// TestSecretsAtATerminal: what is pasted is shown at no moment unless a question stands there that asks for no secret, and it
// answers no other question than the one it was pasted for.
func TestSecretsAtATerminal(t *testing.T) {
	s := newScreen(t)
	a := New(Until(t.Context(), s.slave), s.slave, nil)
	a.Env = func(string) (string, bool) { return "", false }
	if !a.Prompt {
		t.Fatal("it is a terminal")
	}
	s.paste("pasted-while-a-service-was-asked")
	s.arrived()
	go s.answer("Name: ", "Ines")
	if got, err := a.Ask(Question{Key: "name", Text: "Name"}); got != "Ines" || err != nil {
		t.Errorf("%q %v", got, err)
	}
	s.paste("pasted-too-early")
	s.arrived()
	go s.answer("Token (not shown): ", "s3cret")
	if got, err := a.Ask(Question{Key: "TOKEN", Text: "Token", Secret: "TOKEN"}); got != "s3cret" || err != nil {
		t.Errorf("%q %v", got, err)
	}
	go s.answer("App [Figma]: ", "")
	if got, err := a.Ask(Question{Key: "app", Text: "App", Usual: "Figma"}); got != "Figma" || err != nil {
		t.Errorf("%q %v", got, err)
	}
	if said := s.text(); strings.Contains(said, "pasted") || strings.Contains(said, "s3cret") || !strings.Contains(said, "Name: Ines\r\n") {
		t.Errorf("the screen shows %q", said)
	}
	if s.echoes() {
		t.Error("what is typed while nothing is asked is shown")
	}
	if err := a.Close(); err != nil || !s.echoes() {
		t.Errorf("the terminal isn't as it was: %v", err)
	}
}

// TestLeavingAQuestion: Ctrl-C and Ctrl-D end what asks, and the terminal is as it was.
func TestLeavingAQuestion(t *testing.T) {
	s := newScreen(t)
	ctx, interrupt := context.WithCancel(t.Context())
	a := New(Until(ctx, s.slave), s.slave, nil)
	go s.answer("Name: ", "\x04")
	if _, err := a.Ask(Question{Key: "name", Text: "Name"}); !errors.Is(err, ErrUnanswered) {
		t.Error(err)
	}
	go func() {
		for !strings.Contains(s.text(), "App: ") {
			<-s.more
		}
		interrupt()
	}()
	if _, err := a.Ask(Question{Key: "app", Text: "App"}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := a.Close(); err != nil || !s.echoes() {
		t.Error(err)
	}
	s.paste("") // whoever still reads gets a line, and ends
}
