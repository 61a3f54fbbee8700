package ask

import (
	"context"
	"os"
)

// Input is a file that nobody waits for any more when a context is done: whoever presses Ctrl-C at a question leaves, whatever
// was asked.
type Input struct {
	ctx  context.Context
	file *os.File
}

// Until makes one.
func Until(ctx context.Context, file *os.File) *Input { return &Input{ctx, file} }

// Fd is the descriptor of the file.
func (i *Input) Fd() uintptr { return i.file.Fd() }

// Read reads, or fails when the context is done. What comes after that is lost, as the program is about to end.
func (i *Input) Read(p []byte) (int, error) {
	type answer struct {
		text []byte
		err  error
	}
	came := make(chan answer, 1)
	go func() {
		text := make([]byte, len(p))
		n, err := i.file.Read(text)
		came <- answer{text[:n], err}
	}()
	select {
	case <-i.ctx.Done():
		return 0, interrupted{i.ctx.Err()}
	case a := <-came:
		return copy(p, a.text), a.err
	}
}

// interrupted says it to whoever did it.
type interrupted struct{ why error }

func (interrupted) Error() string   { return "interrupted before there was an answer" }
func (i interrupted) Unwrap() error { return i.why }
