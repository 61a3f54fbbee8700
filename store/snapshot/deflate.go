package snapshot

import (
	"bytes"
	"compress/flate"
	"errors"
	"io"
)

// compressor compresses one thing after the other, quickly. Its zero value works.
type compressor struct {
	w   *flate.Writer
	out bytes.Buffer
}

func (c *compressor) deflate(raw []byte) []byte {
	c.out.Reset()
	var err error
	if c.w == nil {
		c.w, err = flate.NewWriter(&c.out, flate.BestSpeed)
	} else {
		c.w.Reset(&c.out)
	}
	if err == nil {
		_, err = c.w.Write(raw)
	}
	if err = errors.Join(err, c.w.Close()); err != nil {
		panic(err) // there is such a level, and a buffer takes everything
	}
	return bytes.Clone(c.out.Bytes())
}

// deflatesTo is how many times longer than its compressed form anything can be.
const deflatesTo = 1032

// inflate reads a length, and the rest as what has that length when it isn't compressed.
func inflate(u *unpacker) ([]byte, error) {
	length := u.count(deflatesTo * (len(u.rest) + 1))
	if u.err != nil {
		return nil, u.err
	}
	r := flate.NewReader(bytes.NewReader(u.rest))
	out := make([]byte, length)
	if _, err := io.ReadFull(r, out); err != nil {
		return nil, errDamaged
	}
	if n, err := r.Read(make([]byte, 1)); n > 0 || !errors.Is(err, io.EOF) {
		return nil, errDamaged
	}
	return out, nil
}
