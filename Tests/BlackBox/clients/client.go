// A client on Go's own net/http: single votes at once, and a stream that waits for its answers.
// go run client.go h2|http1 URL CONSULTATION CERTIFICATE; prints what it saw as JSON. Over
// cleartext, where net/http speaks HTTP/1.1 only, there is no certificate.
package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
)

type object = map[string]any

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func main() {
	protocol, url, consultation := os.Args[1], os.Args[2], os.Args[3]
	transport := &http.Transport{ForceAttemptHTTP2: protocol == "h2", MaxConnsPerHost: 8}
	if len(os.Args) > 4 {
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM(must(os.ReadFile(os.Args[4])))
		transport.TLSClientConfig = &tls.Config{RootCAs: roots}
		if protocol != "h2" {
			transport.TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{}
		}
	}
	client := &http.Client{Transport: transport}
	phase := url + "/v1/consultations/" + consultation + "/phases/ideas"
	ask := func(method, url, body string) (int, string, object) {
		request := must(http.NewRequest(method, url, strings.NewReader(body)))
		response := must(client.Do(request))
		defer response.Body.Close()
		var answer object
		if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
			panic(err)
		}
		return response.StatusCode, response.Proto, answer
	}

	votes := make([]int, 200)
	var group sync.WaitGroup
	for number := range votes {
		group.Add(1)
		go func(number int) {
			defer group.Done()
			votes[number], _, _ = ask("PUT",
				fmt.Sprintf("%s/proposals/p1/votes/%s-%d", phase, consultation, number), "{}")
		}(number)
	}
	group.Wait()

	reader, writer := io.Pipe()
	request := must(http.NewRequest("POST", phase+"/votes", reader))
	request.Header.Set("content-type", "application/x-ndjson")
	response := must(client.Do(request))
	sent := 0
	send := func() {
		for end := sent + 100; sent < end; sent++ {
			fmt.Fprintf(writer, "{\"proposal\":\"p2\",\"account\":\"%s-s%d\"}\n", consultation, sent)
		}
	}
	send()
	var done object
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		var line object
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			panic(err)
		}
		if line["done"] == true {
			done = line
		} else if through, _ := line["through"].(float64); int(through) == sent {
			if sent < 1000 {
				send()
			} else {
				writer.Close()
			}
		}
	}
	_, used, tally := ask("GET", phase+"/tally", "")
	_, _, refused := ask("GET", url+"/v1/consultations/nobody%2Fknows", "")
	fmt.Println(string(must(json.Marshal(object{
		"votes": votes, "done": done, "tally": tally, "refused": refused["type"], "protocol": used,
	}))))
}
