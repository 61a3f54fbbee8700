package browser

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"sync"
)

// request is what the browser is to do, in the words of its debugging protocol.
type request struct {
	ID      int    `json:"id"`
	Method  string `json:"method"`
	Params  fields `json:"params,omitempty"`
	Session string `json:"sessionId,omitempty"`
}

// response is an answer, which has the id of what it answers, or an event, which has none.
type response struct {
	ID     int             `json:"id"`
	Method string          `json:"method"`
	Params happening       `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  *struct {
		Message string `json:"message"`
	} `json:"error"`
}

// happening is what an event tells of the page that is being loaded.
type happening struct {
	Name   string `json:"name"`
	Loader string `json:"loaderId"`
}

// pipe is the way to the browser and back: JSON, each piece ended by a zero byte.
type pipe struct {
	out, in *os.File
	ended   chan struct{} // closed when nothing comes any more

	writing sync.Mutex // one piece after the other
	mu      sync.Mutex
	last    int
	answers map[int]chan response
	loads   map[string]chan struct{} // closed once it is loaded
}

// open starts the browser with a pipe on the files that it looks for.
func open(command *exec.Cmd) (*pipe, error) {
	hears, out, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	in, says, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, hears.Close(), out.Close())
	}
	command.ExtraFiles = []*os.File{hears, says} // its files 3 and 4
	err = command.Start()
	if err = errors.Join(err, hears.Close(), says.Close()); err != nil {
		return nil, errors.Join(err, out.Close(), in.Close())
	}
	p := &pipe{out: out, in: in, ended: make(chan struct{}), answers: map[int]chan response{}, loads: map[string]chan struct{}{}}
	go p.read()
	return p, nil
}

// read hands on what comes, until nothing does.
func (p *pipe) read() {
	defer close(p.ended)
	for r := bufio.NewReader(p.in); ; {
		piece, err := r.ReadBytes(0)
		if err != nil {
			return
		}
		var got response
		if json.Unmarshal(piece[:len(piece)-1], &got) != nil {
			return
		}
		p.hand(got)
	}
}

func (p *pipe) hand(got response) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if answer := p.answers[got.ID]; answer != nil {
		delete(p.answers, got.ID)
		answer <- got
		return
	}
	if got.Method != "Page.lifecycleEvent" || got.Params.Name != "load" {
		return
	}
	select {
	case <-p.load(got.Params.Loader): // it was told before
	default:
		close(p.load(got.Params.Loader))
	}
}

// load is closed once what a loader brings is there. The lock is held.
func (p *pipe) load(loader string) chan struct{} {
	if p.loads[loader] == nil {
		p.loads[loader] = make(chan struct{})
	}
	return p.loads[loader]
}

// loaded is closed once what a loader brings is there.
func (p *pipe) loaded(loader string) <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.load(loader)
}

// call sends a request and waits for its answer.
func (p *pipe) call(ctx context.Context, r request) (json.RawMessage, error) {
	answer := make(chan response, 1)
	if err := p.send(r, answer); err != nil {
		return nil, err
	}
	select {
	case got := <-answer:
		if got.Error != nil {
			return nil, errors.New(got.Error.Message)
		}
		return got.Result, nil
	case <-p.ended:
		return nil, errors.New("it ended")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *pipe) send(r request, answer chan response) error {
	p.mu.Lock()
	p.last++
	r.ID = p.last
	p.answers[r.ID] = answer
	p.mu.Unlock()
	piece, err := json.Marshal(r)
	if err != nil {
		return err
	}
	p.writing.Lock()
	defer p.writing.Unlock()
	_, err = p.out.Write(append(piece, 0))
	return err
}

// close ends the way to the browser, which ends by itself then.
func (p *pipe) close() { _ = p.out.Close() } // it is a pipe: nothing is lost

// drained forgets the way back once nothing is read there any more.
func (p *pipe) drained() {
	_ = p.in.Close()
	<-p.ended
}
