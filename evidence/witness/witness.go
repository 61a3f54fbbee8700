// Package witness has a log's checkpoints seen by a witness: a stranger's server
// that remembers one head of each log, signs what goes on from it, and refuses
// everything else (c2sp.org/tlog-witness). It learns sizes and hashes, and nothing of
// what the events say.
package witness

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"latchkey/access"
)

// Witness is one witness.
type Witness struct {
	url    string
	key    Key
	client *http.Client
}

// New makes a client of the witness at an address.
func New(url string, key Key, client *http.Client) *Witness {
	return &Witness{strings.TrimRight(url, "/"), key, client}
}

// Name is what the witness calls itself.
func (w *Witness) Name() string { return w.key.name }

// Key is its public key.
func (w *Witness) Key() Key { return w.key }

// Ahead is that the witness remembers another size than the one it was told.
type Ahead struct{ Size uint64 }

// Error says how many events it remembers.
func (a *Ahead) Error() string {
	return fmt.Sprintf("the witness remembers %d events", a.Size)
}

// ErrHistory is that what the log says does not go on from what the witness
// remembers: it was changed, or there are two.
var ErrHistory = errors.New("the log does not go on from what the witness has seen of it")

// Cosign shows the witness a signed checkpoint, and how it goes on from the size
// that it saw last, and returns the checkpoint with the witness's signature. Errors
// are *access.Failure, and wrap *Ahead or ErrHistory where the witness says so.
func (w *Witness) Cosign(ctx context.Context, old uint64, proof tlog.TreeProof, checkpoint string) (string, error) {
	var body strings.Builder
	fmt.Fprintf(&body, "old %d\n", old)
	for _, h := range proof {
		body.WriteString(base64.StdEncoding.EncodeToString(h[:]) + "\n")
	}
	body.WriteString("\n" + checkpoint)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.url+"/add-checkpoint", strings.NewReader(body.String()))
	if err != nil {
		return "", w.failure(access.Rejected, "its address is no address: correct evidence.anchors", err)
	}
	resp, err := w.client.Do(req)
	if err != nil {
		return "", w.failure(access.Transient, "it does not answer", err)
	}
	defer resp.Body.Close()
	said, err := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	if err != nil {
		return "", w.failure(access.Transient, "its answer broke off", err)
	}
	if resp.StatusCode != http.StatusOK {
		return "", w.refused(resp, string(said), old)
	}
	signed := checkpoint + string(said)
	if _, err := w.key.Seen(signed); err != nil {
		return "", w.failure(access.Rejected, "its signature does not fit the key under evidence.anchors: correct one of them", err)
	}
	return signed, nil
}

// refused says what an answer means that is no signature.
func (w *Witness) refused(resp *http.Response, said string, old uint64) error {
	switch resp.StatusCode {
	case http.StatusConflict:
		size, err := strconv.ParseUint(strings.TrimSpace(said), 10, 63)
		if err != nil || size == old {
			return w.failure(access.Rejected, "it has seen another history of the same length", ErrHistory)
		}
		return w.failure(access.Rejected, fmt.Sprintf("it remembers %d events, and was told that it remembers %d", size, old), &Ahead{size})
	case http.StatusUnprocessableEntity:
		return w.failure(access.Rejected, "what the log says now does not go on from what it has seen", ErrHistory)
	case http.StatusNotFound:
		return w.failure(access.Denied, "it does not know this log: have its operator add the log's name and key", nil)
	case http.StatusForbidden, http.StatusUnauthorized:
		return w.failure(access.Denied, "it does not know the key this log signs with: have its operator add it", nil)
	case http.StatusBadRequest:
		return w.failure(access.Rejected, "it can't read what it is told ("+firstLine(said)+")", nil)
	default:
		return w.failure(access.Transient, "it answers "+resp.Status, nil)
	}
}

func (w *Witness) failure(class access.Class, why string, err error) error {
	f := &access.Failure{Class: class, Sentence: "The witness " + w.key.name + " has not signed: " + why, Err: err}
	if class == access.Transient {
		f.After = time.Minute
	}
	return f
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line[:min(len(line), 100)]
}

// Seen is when the witness has signed a checkpoint, by its signature.
func (w *Witness) Seen(checkpoint string) (time.Time, error) { return w.key.Seen(checkpoint) }
