// A subscriber with gloox, over BOSH. Prints what happens to it, a JSON object a line:
// {"status": "CONNECTED" or "DISCONNECTED"}, {"message": text}. The text may not need escaping.
//
//   gloox-subscriber URL JID
//
// URL is http://HOST:PORT/PATH. Reads the password from the first line of stdin; the end of stdin ends it the polite way.
#include <gloox/client.h>
#include <gloox/connectionbosh.h>
#include <gloox/connectionlistener.h>
#include <gloox/connectiontcpclient.h>
#include <gloox/message.h>
#include <gloox/messagehandler.h>
#include <iostream>
#include <poll.h>
#include <string>
#include <unistd.h>

namespace {

constexpr int SLICE_MICROSECONDS = 20000;

class Subscriber : public gloox::ConnectionListener, public gloox::MessageHandler {
public:
    bool over = false;

    void onConnect() override { say("status", "CONNECTED"); }

    void onDisconnect(gloox::ConnectionError error) override {
        std::cerr << "gloox: disconnected, ConnectionError " << error << std::endl;
        say("status", "DISCONNECTED");
        over = true;
    }

    bool onTLSConnect(const gloox::CertInfo &) override { return false; }

    void handleMessage(const gloox::Message &message, gloox::MessageSession *) override { say("message", message.body()); }

private:
    static void say(const std::string &name, const std::string &value) {
        std::cout << "{\"" << name << "\":\"" << value << "\"}" << std::endl;
    }
};

bool isInputOver() {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    char byte;
    return poll(&input, 1, 0) > 0 && read(STDIN_FILENO, &byte, 1) <= 0;
}

} // namespace

int main(int count, char **arguments) {
    if (count != 3) {
        std::cerr << "gloox-subscriber: " << count - 1 << " arguments (expected: URL JID)" << std::endl;
        return 2;
    }
    const std::string url = arguments[1];
    const std::size_t host = url.find("//") + 2;
    const std::size_t port = url.find(':', host) + 1;
    const std::size_t path = url.find('/', port);
    std::string password;
    for (char byte; read(STDIN_FILENO, &byte, 1) == 1 && byte != '\n';) {
        password += byte;
    }
    const gloox::JID jid(arguments[2]);
    gloox::Client client(jid, password);
    Subscriber subscriber;
    client.registerConnectionListener(&subscriber);
    client.registerMessageHandler(&subscriber);
    client.setTls(gloox::TLSDisabled);
    client.setCompression(false);
    client.setSASLMechanisms(gloox::SaslMechScramSha1 | gloox::SaslMechPlain);
    auto *tcp = new gloox::ConnectionTCPClient(
            client.logInstance(), url.substr(host, port - 1 - host), std::stoi(url.substr(port, path - port)));
    auto *bosh = new gloox::ConnectionBOSH(&client, tcp, client.logInstance(), url.substr(host, port - 1 - host), jid.server());
    bosh->setPath(url.substr(path));
    bosh->setMode(gloox::ConnectionBOSH::ModePersistentHTTP);
    client.setConnectionImpl(bosh); // which owns it from now on, as it owns tcp
    if (!client.connect(false)) {
        std::cerr << "gloox: does not connect" << std::endl;
        return 1;
    }
    bool leaving = false;
    while (!subscriber.over && client.recv(SLICE_MICROSECONDS) == gloox::ConnNoError) {
        if (!leaving && isInputOver()) {
            leaving = true;
            client.disconnect();
        }
    }
    return 0;
}
