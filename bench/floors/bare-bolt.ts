/** The floor of an acknowledgement: Bolt in Socket Mode with one command that answers at once and does nothing else. */
import { App, LogLevel, SocketModeReceiver } from '@slack/bolt';

const { SLACK_API_URL: slackApiUrl = '', SLACK_BOT_TOKEN: token = '', SLACK_APP_TOKEN: appToken = '' } = process.env;

const receiver = new SocketModeReceiver({ appToken, logLevel: LogLevel.ERROR, installerOptions: { clientOptions: { slackApiUrl } } });
const app = new App({ token, receiver, logLevel: LogLevel.ERROR, clientOptions: { slackApiUrl } });
app.command('/kdebug', async ({ ack }) => { await ack({ response_type: 'ephemeral', text: 'kd-00000000: acknowledged.' }); });
await app.start();
process.send?.('ready');
