package rows

import (
	"fmt"
	"slices"
	"sync"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/store/snapshot"
)

// mostReaders is of how many snapshots it is remembered where what stands: of those that are answered at the same time.
const mostReaders = 8

// readers remember where what stands in the snapshots that were read last. A snapshot doesn't change, and every click
// needs that of one, which is long where many people have access. They are safe for concurrent use.
type readers struct {
	mu  sync.Mutex
	all []knownReader // the latest last
}

type knownReader struct {
	name   string
	reader *snapshot.Reader
}

// rows are those of a campaign. It was not read to its end yet: snapshot.ErrUnfinished.
func (r *readers) rows(tx store.Tx, c access.Campaign, known *catalog.Catalog) (*Rows, error) {
	if c.Snapshot == "" {
		return nil, fmt.Errorf("review %s: %w", c.ID, snapshot.ErrUnfinished)
	}
	return rowsFrom(tx, c, known, r.open)
}

func (r *readers) open(tx store.Records, name string) (*snapshot.Reader, error) {
	if is := r.known(name); is != nil {
		return is.In(tx), nil
	}
	is, err := snapshot.Open(tx, name)
	if err == nil {
		r.keep(name, is)
	}
	return is, err
}

func (r *readers) known(name string) *snapshot.Reader {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := slices.IndexFunc(r.all, func(k knownReader) bool { return k.name == name })
	if i < 0 {
		return nil
	}
	return r.all[i].reader
}

func (r *readers) keep(name string, is *snapshot.Reader) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(slices.DeleteFunc(r.all, func(k knownReader) bool { return k.name == name }), knownReader{name, is.In(nil)})
	r.all = r.all[max(0, len(r.all)-mostReaders):]
}
