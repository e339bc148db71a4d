package org.channelgateway.example;

import org.channelgateway.api.ChannelClient;
import org.channelgateway.api.ChannelConfig;
import org.channelgateway.api.Receipt;

public final class Example {
    public static void main(String[] args) {
        ChannelConfig config = ChannelConfig.fromEnvironment();
        try (ChannelClient channels = ChannelClient.connect(config)) {
            String token = channels.createChannel("user-42");
            System.out.println("for the page: " + token);
            Receipt receipt = channels.sendMessage("user-42", "{\"move\":3}");
            System.out.println("handed to " + receipt.receivers() + " sessions");
        }
    }
}
