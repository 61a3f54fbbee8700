package limit

import (
	"context"
	"net/http"
)

type fenceKey struct{}

// Fenced has calls under ctx that may change something ask, right before each is sent, whether
// they still may: whoever stood still in between may have been taken for dead, and somebody
// else may have done it and gone on.
func Fenced(ctx context.Context, may func(context.Context) error) context.Context {
	return context.WithValue(ctx, fenceKey{}, may)
}

func fenced(req *http.Request) error {
	may, ok := req.Context().Value(fenceKey{}).(func(context.Context) error)
	if !ok || req.Method == http.MethodGet || req.Method == http.MethodHead {
		return nil
	}
	return may(req.Context())
}
