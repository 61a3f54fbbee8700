package note

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// commandTime bounds how long a command may take to sign.
const commandTime = 20 * time.Second

// signWith signs with a command: it gets the text on its standard input and writes
// the signature, as 64 bytes or in base64, on its standard output. So the key can
// stay in a service that never gives it away.
func signWith(command []string) func(context.Context, []byte) ([]byte, error) {
	return func(ctx context.Context, text []byte) ([]byte, error) {
		ctx, cancel := context.WithTimeout(ctx, commandTime)
		defer cancel()
		c := exec.CommandContext(ctx, command[0], command[1:]...)
		c.WaitDelay = time.Second
		var said bytes.Buffer
		c.Stdin, c.Stderr = bytes.NewReader(text), &said
		out, err := c.Output()
		if err != nil {
			return nil, fmt.Errorf("the command under evidence.sign failed: %w%s", err, lastLine(said.String()))
		}
		return signatureIn(out)
	}
}

func signatureIn(out []byte) ([]byte, error) {
	if len(out) == ed25519.SignatureSize {
		return out, nil
	}
	raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(string(out)), ""))
	if err != nil || len(raw) != ed25519.SignatureSize {
		return nil, errors.New("the command under evidence.sign has to write a signature of Ed25519: 64 bytes, or these in base64")
	}
	return raw, nil
}

// lastLine is what a command said last, for a sentence.
func lastLine(said string) string {
	lines := strings.Split(strings.TrimSpace(said), "\n")
	last := strings.TrimSpace(lines[len(lines)-1])
	if last == "" {
		return ""
	}
	return " (" + last[:min(len(last), 200)] + ")"
}
