package traffic

import (
	"bytes"
	"io"
	"net/http"
)

// Exchange is a call with what was sent and answered, both read to their end.
type Exchange struct {
	Sent, Got []byte
	Response  *http.Response // whose body can be read once more
}

// Copied makes a call and keeps what goes over the wire, for whoever checks it.
func Copied(next http.RoundTripper, req *http.Request) (Exchange, error) {
	var out Exchange
	if req.Body != nil {
		sent, err := io.ReadAll(req.Body)
		if err != nil {
			return out, err
		}
		out.Sent, req.Body = sent, io.NopCloser(bytes.NewReader(sent))
	}
	resp, err := next.RoundTrip(req)
	if err != nil {
		return out, err
	}
	if out.Got, err = io.ReadAll(resp.Body); err != nil {
		return out, err
	}
	err = resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(out.Got))
	out.Response = resp
	return out, err
}
